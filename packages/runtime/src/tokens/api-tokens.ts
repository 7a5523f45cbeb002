import { createHash } from "node:crypto";
import { type AuditDraft, appendAudit } from "@tributary/audit";
import { type Database, isUniqueViolation, type Reader, sql } from "@tributary/database";
import { type Clock, type Random, TributaryError } from "@tributary/kernel";

/** 256 bits: nobody guesses one, so a plain hash is enough to keep it by. */
const tokenBytes = 32;
/** Marks a token as ours, so that people and scanners of leaked secrets recognise one. */
const tokenPrefix = "trb_";
const namePattern = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/;

/** An API token as it can be listed; its text was shown once, when it was made, and is kept nowhere. */
export interface ApiToken {
  readonly name: string;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

/** What is done to a token of a name, when, and by whom at which node: that is entered in the audit trail. */
export interface TokenChange {
  readonly name: string;
  readonly clock: Clock;
  readonly by?: { readonly nodeId: string; readonly author: string };
}

interface TokenRow {
  readonly name: string;
  readonly created_at: number;
  readonly revoked_at: number | null;
}

const addToken = sql("insert into api_tokens (name, token_hash, created_at) values ($1, $2, $3)");
const readTokens = sql("select name, created_at, revoked_at from api_tokens order by created_at, name");
const revokeToken = sql("update api_tokens set revoked_at = $2 where name = $1 and revoked_at is null");
const findToken = sql("select name from api_tokens where token_hash = $1 and revoked_at is null");
const findName = sql("select name from api_tokens where name = $1");

/**
 * Makes an API token and returns its text, which can never be read again: only its SHA-256 is stored.
 *
 * Throws `CONFIG_INVALID` when the name cannot be used or is taken; a revoked token's name stays taken, since log lines
 * speak of it.
 */
export async function createApiToken(
  database: Database,
  { name, clock, random, by }: TokenChange & { readonly random: Random },
): Promise<string> {
  if (!namePattern.test(name)) {
    throw new TributaryError(
      "CONFIG_INVALID",
      "A token's name has 1 to 63 letters, digits, spaces, dots, hyphens or underscores, for example reporting.",
    );
  }
  const token = tokenPrefix + Buffer.from(random.bytes(tokenBytes)).toString("base64url");
  try {
    await database.transaction(async (tx) => {
      await tx.run(addToken, [name, hashOf(token), clock.now()]);
      if (by) await appendAudit(tx, by.nodeId, [entryOf(name, "token-created", by.author, clock.now())]);
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new TributaryError(
      "CONFIG_INVALID",
      `There is already a token named ${name}; give the new one another name.`,
    );
  }
  return token;
}

/** Every token that was ever made, the oldest first. */
export async function listApiTokens(reader: Reader): Promise<ApiToken[]> {
  const rows = await reader.all<TokenRow>(readTokens);
  return rows.map((row) => ({ name: row.name, createdAt: row.created_at, revokedAt: row.revoked_at }));
}

/** Ends a token's life at once and tells whether there was a living one of that name. */
export async function revokeApiToken(
  database: Database,
  { name, clock, by }: TokenChange,
): Promise<"revoked" | "already-revoked" | "unknown"> {
  return database.transaction(async (tx) => {
    if ((await tx.run(revokeToken, [name, clock.now()])) > 0) {
      if (by) await appendAudit(tx, by.nodeId, [entryOf(name, "token-revoked", by.author, clock.now())]);
      return "revoked";
    }
    return (await tx.first(findName, [name])) ? "already-revoked" : "unknown";
  });
}

/**
 * The name of a living token, or `undefined` when the text is none. It looks the token's hash up, so how long it takes
 * tells nothing about any token's text.
 */
export async function checkApiToken(reader: Reader, token: string): Promise<string | undefined> {
  if (!token.startsWith(tokenPrefix)) return undefined;
  const row = await reader.first<{ name: string }>(findToken, [hashOf(token)]);
  return row?.name;
}

function entryOf(name: string, outcome: string, author: string, at: number): AuditDraft {
  return {
    at,
    actor: author,
    operation: "configure",
    reference: null,
    versionBefore: null,
    versionAfter: null,
    link: null,
    operationId: name,
    outcome,
    error: null,
  };
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
