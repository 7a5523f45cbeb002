import { createHash } from "node:crypto";
import { type AuditDraft, appendAudit } from "@tributary/audit";
import { type Database, isUniqueViolation, type Reader, sql } from "@tributary/database";
import type { Clock, Random } from "@tributary/kernel";
import { configError, configSentence } from "../config/config-sentences.ts";
import type { UserRole } from "../users/role.ts";

/** 256 bits: nobody guesses one, so a plain hash is enough to keep it by. */
const tokenBytes = 32;
/** Marks a token as ours, so that people and scanners of leaked secrets recognise one. */
const tokenPrefix = "trb_";
/** Use is noted at most this often, so that reading does not write. */
const noteUseEveryMs = 60_000;
const namePattern = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/;

/** An API token as it can be listed; its text was shown once, when it was made, and is kept nowhere. */
export interface ApiToken {
  readonly name: string;
  readonly role: UserRole;
  readonly createdAt: number;
  /** `null` for tokens of earlier versions. */
  readonly createdBy: string | null;
  /** `null` for a token without an end. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}

/** Whom a token stands for. */
export interface TokenHolder {
  readonly name: string;
  readonly role: UserRole;
}

/** What is done to a token of a name, when, and by whom at which node: that is entered in the audit trail. */
export interface TokenChange {
  readonly name: string;
  readonly clock: Clock;
  readonly by?: { readonly nodeId: string; readonly author: string };
}

interface TokenRow {
  readonly name: string;
  readonly role: UserRole;
  readonly created_at: number;
  readonly created_by: string | null;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly last_used_at: number | null;
}

const columns = "name, role, created_at, created_by, expires_at, revoked_at, last_used_at";
const addToken = sql(`
  insert into api_tokens (name, token_hash, created_at, role, expires_at, created_by) values ($1, $2, $3, $4, $5, $6)`);
const readTokens = sql(`select ${columns} from api_tokens order by created_at, name`);
const revokeToken = sql("update api_tokens set revoked_at = $2 where name = $1 and revoked_at is null");
const findToken = sql(`
  select name, role, last_used_at from api_tokens
  where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > $2)`);
const noteUse = sql("update api_tokens set last_used_at = $2 where name = $1");
const findName = sql("select name from api_tokens where name = $1");

/**
 * Makes an API token and returns its text, which can never be read again: only its SHA-256 is stored. It may do all that an
 * administrator may, for ever, unless a role and an end are given.
 *
 * Throws `CONFIG_INVALID` when the name cannot be used or is taken; a revoked token's name stays taken, since log lines
 * speak of it.
 */
export async function createApiToken(
  database: Database,
  {
    name,
    role = "administrator",
    expiresAt = null,
    clock,
    random,
    by,
  }: TokenChange & { readonly random: Random; readonly role?: UserRole; readonly expiresAt?: number | null },
): Promise<string> {
  if (!namePattern.test(name)) throw configError(configSentence("token-name-wrong", {}));
  const token = tokenPrefix + Buffer.from(random.bytes(tokenBytes)).toString("base64url");
  try {
    await database.transaction(async (tx) => {
      await tx.run(addToken, [name, hashOf(token), clock.now(), role, expiresAt, by?.author ?? null]);
      if (by) await appendAudit(tx, by.nodeId, [entryOf(name, `token-created-${role}`, by.author, clock.now())]);
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw configError(configSentence("token-taken", { token: name }));
  }
  return token;
}

/** Every token that was ever made, the oldest first. */
export async function listApiTokens(reader: Reader): Promise<ApiToken[]> {
  const rows = await reader.all<TokenRow>(readTokens);
  return rows.map((row) => ({
    name: row.name,
    role: row.role,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  }));
}

/** How a token stands. */
export function stateOfToken(
  { revokedAt, expiresAt }: Pick<ApiToken, "revokedAt" | "expiresAt">,
  now: number,
): "living" | "expired" | "revoked" {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && expiresAt <= now ? "expired" : "living";
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
 * Whom a living token stands for, or `undefined` when the text is none. It looks the token's hash up, so how long it takes
 * tells nothing about any token's text. Use is noted by the minute.
 */
export async function checkApiToken(
  database: Database,
  token: string,
  clock: Pick<Clock, "now">,
): Promise<TokenHolder | undefined> {
  if (!token.startsWith(tokenPrefix)) return undefined;
  const now = clock.now();
  const row = await database.first<Pick<TokenRow, "name" | "role" | "last_used_at">>(findToken, [hashOf(token), now]);
  if (!row) return undefined;
  if (now - (row.last_used_at ?? 0) >= noteUseEveryMs) {
    // Whoever may come in is let in, though the disk be full.
    await database.transaction((tx) => tx.run(noteUse, [row.name, now])).catch(() => {});
  }
  return { name: row.name, role: row.role };
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
