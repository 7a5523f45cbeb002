import { createHash } from "node:crypto";
import { type Database, type Reader, sql, type Transaction } from "@tributary/database";
import type { Clock, Random } from "@tributary/kernel";
import type { UserLanguage, UserRole } from "./role.ts";

/** 256 bits: nobody guesses one, so a plain hash is enough to keep it by. */
const tokenBytes = 32;
/** A screen left alone for a ward round is closed; a working day is not cut in two. */
const idleMs = 30 * 60_000;
const longestMs = 12 * 60 * 60_000;
/** Use is noted at most this often, so that reading does not write. */
const noteUseEveryMs = 60_000;
/** Browsers and tablets of one person. */
const sessionsPerUserMax = 20;

/** Who is signed in by a session. */
export interface Session {
  readonly name: string;
  readonly role: UserRole;
  readonly language: UserLanguage;
  readonly signsInBy: "password" | "openid";
  /** What the session's own pages know and other sites cannot: it goes with every request that changes something. */
  readonly csrf: string;
}

interface SessionRow {
  readonly name: string;
  readonly role: UserRole;
  readonly language: UserLanguage;
  readonly issuer: string | null;
  readonly used_at: number;
}

const addOne = sql("insert into user_sessions (token_hash, name, begun_at, used_at) values ($1, $2, $3, $3)");
const readOne = sql(`
  select u.name, u.role, u.language, u.issuer, s.used_at
  from user_sessions s join users u on u.name = s.name
  where s.token_hash = $1 and s.begun_at > $2 and s.used_at > $3`);
const noteUse = sql("update user_sessions set used_at = $2 where token_hash = $1");
const noteSeen = sql("update users set last_seen_at = $2 where name = $1");
const dropOne = sql("delete from user_sessions where token_hash = $1");
const dropOfUser = sql("delete from user_sessions where name = $1");
const dropEnded = sql("delete from user_sessions where used_at <= $1");
const dropSurplus = sql(`
  delete from user_sessions where name = $1 and token_hash not in (
    select token_hash from user_sessions where name = $1 order by begun_at desc, token_hash limit $2)`);

/** Begins a session and returns its token, of which only the hash is kept. The user's oldest sessions give way. */
export async function beginSession(
  tx: Transaction,
  name: string,
  { random, now }: { readonly random: Random; readonly now: number },
): Promise<string> {
  const token = Buffer.from(random.bytes(tokenBytes)).toString("base64url");
  await tx.run(dropEnded, [now - idleMs]);
  await tx.run(addOne, [hashOf(token), name, now]);
  await tx.run(dropSurplus, [name, sessionsPerUserMax]);
  await tx.run(noteSeen, [name, now]);
  return token;
}

/** Who is signed in by a token; `undefined` when it is none, or was left alone or used for too long. */
export async function checkSession(database: Database, token: string, clock: Clock): Promise<Session | undefined> {
  const tokenHash = hashOf(token);
  const now = clock.now();
  const row = await readSession(database, tokenHash, now);
  if (!row) return undefined;
  if (now - row.used_at >= noteUseEveryMs) {
    await database.transaction(async (tx) => {
      await tx.run(noteUse, [tokenHash, now]);
      await tx.run(noteSeen, [row.name, now]);
    });
  }
  const { name, role, language, issuer } = row;
  return { name, role, language, signsInBy: issuer === null ? "password" : "openid", csrf: csrfOf(token) };
}

/** Ends one session; tells whether there was one. */
export async function endSession(tx: Transaction, token: string): Promise<boolean> {
  return (await tx.run(dropOne, [hashOf(token)])) > 0;
}

/** Ends all sessions of a user. */
export async function endSessionsOf(tx: Transaction, name: string): Promise<void> {
  await tx.run(dropOfUser, [name]);
}

/** The secret that a session's pages send back. It follows from the token, and nothing of the token follows from it. */
export function csrfOf(token: string): string {
  return createHash("sha256").update(`csrf ${token}`).digest("base64url");
}

function readSession(reader: Reader, tokenHash: string, now: number): Promise<SessionRow | undefined> {
  return reader.first<SessionRow>(readOne, [tokenHash, now - longestMs, now - idleMs]);
}

function hashOf(token: string): string {
  return createHash("sha256").update(`session ${token}`).digest("hex");
}
