import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

/** Somebody who can sign in at the provider, by the name alone. */
export interface Account {
  readonly name: string;
  readonly groups: readonly string[];
  readonly locale?: string;
}

/** A running OpenID provider with the accounts that it knows. */
export interface TestProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Who there is; a test changes it to change what the provider says of them. */
  readonly accounts: Map<string, Account>;
}

/** The client that a test provider knows. */
export const testClient = { id: "tributary", secret: "a secret between the two" } as const;

/**
 * Opens a real OpenID provider on this machine. It asks for PKCE, and tells groups in the identity token or, when
 * `isTerse`, only to who asks again.
 */
export async function openTestProvider({
  redirectUris,
  isTerse = false,
}: {
  readonly redirectUris: readonly string[];
  readonly isTerse?: boolean;
}): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const accounts = new Map<string, Account>();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: testClient.id,
        client_secret: testClient.secret,
        redirect_uris: [...redirectUris],
        post_logout_redirect_uris: redirectUris.map((uri) => new URL("/console/", uri).href),
      },
    ],
    claims: { openid: ["sub"], profile: ["preferred_username", "groups", "locale"] },
    conformIdTokenClaims: isTerse,
    pkce: { required: () => true },
    cookies: { keys: ["of this test alone"] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => {
        const account = accounts.get(sub);
        return { sub, preferred_username: account?.name, groups: account?.groups, locale: account?.locale };
      },
    }),
  });
  server.on("request", provider.callback());
  return {
    issuer,
    accounts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
