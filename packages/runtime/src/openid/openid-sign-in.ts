import type { Database } from "@tributary/database";
import { type Clock, type Logger, type Random, TributaryError } from "@tributary/kernel";
import type * as openid from "openid-client";
import { auditUser } from "../users/user-audit.ts";
import type { OpenIdSettings } from "./openid-settings.ts";
import { signVouchedIn } from "./openid-users.ts";
import { type ClaimedUser, readClaims } from "./read-claims.ts";

/** A provider that has not answered for so long is away. */
const answerWithinSeconds = 10;
/** Clocks of clinics and of providers differ; a token is looked at so much later or earlier than it says. */
const clockToleranceSeconds = 300;
const secretBytes = 32;

/** The library, which is loaded when somebody comes, and the provider as it describes itself. */
interface Provider {
  readonly openid: typeof openid;
  readonly configuration: openid.Configuration;
}

/** What the browser keeps between going to the provider and coming back; no other browser can finish what it began. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** How the way over the provider ends. */
export type OpenIdOutcome =
  | { readonly kind: "signed-in"; readonly token: string }
  /** The provider has let nobody in, or what came is not its answer to this browser's question. */
  | { readonly kind: "refused" }
  /** No group of theirs has a role here. */
  | { readonly kind: "no-role" }
  /** The provider tells no name that can be used here, or somebody else has it. */
  | { readonly kind: "no-name" }
  | { readonly kind: "name-taken" }
  | { readonly kind: "away" };

export interface OpenIdSignInOptions {
  readonly settings: OpenIdSettings;
  readonly database: Database;
  readonly nodeId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/**
 * Signs users in over the site's OpenID provider: authorization code with PKCE, `state` and `nonce`. The provider says who
 * somebody is, the mapping of the configuration what they may do, and whom it gives no role is not let in.
 * See https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth and RFC 7636.
 */
export class OpenIdSignIn {
  readonly #options: OpenIdSignInOptions;
  #provider: Promise<Provider> | undefined;

  constructor(options: OpenIdSignInOptions) {
    this.#options = options;
  }

  /** What the console's button shows. */
  get name(): string {
    return this.#options.settings.name;
  }

  /** Where the browser goes, and what it keeps meanwhile; `undefined` when the provider is away. */
  async begin(redirectUri: string): Promise<{ readonly url: URL; readonly pending: PendingSignIn } | undefined> {
    const provider = await this.#reach();
    if (!provider) return undefined;
    const { openid, configuration } = provider;
    const pending = { state: this.#secret(), nonce: this.#secret(), verifier: this.#secret() };
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.#options.settings.scopes.join(" "),
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: "S256",
    });
    return { url, pending };
  }

  /** Takes the answer with which the browser came back, and begins a session. */
  async finish(answer: URL, pending: PendingSignIn): Promise<OpenIdOutcome> {
    const provider = await this.#reach();
    if (!provider) return { kind: "away" };
    const { settings, database, nodeId, clock, random, logger } = this.#options;
    let claims: openid.IDToken & Record<string, unknown>;
    try {
      claims = await this.#claimsOf(provider, answer, pending);
    } catch (err) {
      // What the provider says may name somebody; its code does not.
      logger.warn({ code: codeOf(err) }, "A sign-in over the OpenID provider came to nothing.");
      return { kind: isAway(err) ? "away" : "refused" };
    }
    const claimed = readClaims(claims, settings);
    const { name, role, language } = claimed;
    if (name === undefined) return { kind: "no-name" };
    if (role === undefined) return this.#refuse(name);
    const user = { issuer: settings.issuer, subject: claims.sub, name, role, language };
    return database.transaction((tx) => signVouchedIn(tx, user, { nodeId, random, now: clock.now() }));
  }

  /** Where the browser signs out at the provider too; `undefined` when it has no such place or is away. */
  async endSessionUrl(returnTo: string): Promise<URL | undefined> {
    const provider = await this.#reach();
    if (!provider?.configuration.serverMetadata().end_session_endpoint) return undefined;
    return provider.openid.buildEndSessionUrl(provider.configuration, { post_logout_redirect_uri: returnTo });
  }

  async #claimsOf(
    { openid, configuration }: Provider,
    answer: URL,
    { state, nonce, verifier }: PendingSignIn,
  ): Promise<openid.IDToken & Record<string, unknown>> {
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
    const tokens = await openid.authorizationCodeGrant(configuration, answer, checks);
    const claims = tokens.claims();
    if (!claims) throw new TributaryError("REMOTE_NONSENSE", "The OpenID provider told no identity.");
    if (isComplete(readClaims(claims, this.#options.settings)) || !configuration.serverMetadata().userinfo_endpoint) {
      return claims;
    }
    // Many providers tell groups only when they are asked again.
    return { ...(await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
  }

  async #refuse(name: string): Promise<OpenIdOutcome> {
    const { database, nodeId, clock } = this.#options;
    const actor = { nodeId, author: name, now: clock.now() };
    await database.transaction((tx) => auditUser(tx, actor, name, "sign-in-refused-no-role"));
    return { kind: "no-role" };
  }

  /** The provider's own description is asked for once, and again after it could not be had. */
  async #reach(): Promise<Provider | undefined> {
    this.#provider ??= this.#discover();
    try {
      return await this.#provider;
    } catch (err) {
      this.#provider = undefined;
      this.#options.logger.warn({ code: codeOf(err) }, "The OpenID provider cannot be reached.");
      return undefined;
    }
  }

  async #discover(): Promise<Provider> {
    const openid = await import("openid-client");
    const { issuer, clientId, clientSecret } = this.#options.settings;
    const server = new URL(issuer);
    const metadata = { [openid.clockTolerance]: clockToleranceSeconds };
    const configuration = await openid.discovery(
      server,
      clientId,
      metadata,
      clientSecret === undefined ? openid.None() : openid.ClientSecretBasic(clientSecret),
      {
        timeout: answerWithinSeconds,
        // The configuration lets only providers of this machine be without encryption.
        ...(server.protocol === "http:" ? { execute: [openid.allowInsecureRequests] } : {}),
      },
    );
    return { openid, configuration };
  }

  #secret(): string {
    return Buffer.from(this.#options.random.bytes(secretBytes)).toString("base64url");
  }
}

function isComplete({ name, role }: ClaimedUser): boolean {
  return name !== undefined && role !== undefined;
}

function codeOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === "string" ? code : String(name ?? "unknown");
}

function isAway(error: unknown): boolean {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return code === "OAUTH_TIMEOUT" || name === "TypeError" || code === "ECONNREFUSED";
}
