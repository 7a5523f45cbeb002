import { type Database, isUniqueViolation, type Reader, sql, type Transaction } from "@tributary/database";
import type { Random } from "@tributary/kernel";
import { configError, configSentence } from "../config/config-sentences.ts";
import { hashPassword } from "./password-hash.ts";
import { type UserLanguage, type UserRole, userRoles } from "./role.ts";
import { endSessionsOf } from "./sessions.ts";
import { auditUser, type UserActor } from "./user-audit.ts";
import { userNamePattern } from "./user-name.ts";

/** Characters of a password: fewer are guessed, more only cost time. */
const passwordCharacters = { least: 10, most: 256 } as const;

/** Somebody who may use this node by name and password. */
export interface User {
  readonly name: string;
  readonly role: UserRole;
  readonly language: UserLanguage;
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
  /** Until when nobody can sign in by this name, after too many wrong passwords. */
  readonly lockedUntil: number | null;
  readonly signsInBy: "password" | "openid";
}

/** A user who is to be made. */
export interface NewUser {
  readonly name: string;
  readonly role: UserRole;
  readonly password: string;
  readonly language?: UserLanguage | undefined;
}

/** What of a user is to be another. */
export interface UserChange {
  readonly role?: UserRole | undefined;
  readonly password?: string | undefined;
  readonly language?: UserLanguage | undefined;
}

interface UserRow {
  readonly name: string;
  readonly role: UserRole;
  readonly language: UserLanguage;
  readonly created_at: number;
  readonly last_seen_at: number | null;
  readonly locked_until: number | null;
  readonly issuer: string | null;
}

const columns = "name, role, language, created_at, last_seen_at, locked_until, issuer";
const readPage = sql(`select ${columns} from users where name > $1 order by name limit $2`);
const readOne = sql(`select ${columns} from users where name = $1`);
const readAny = sql("select name from users limit 1");
const readAnyWithPassword = sql("select name from users where issuer is null limit 1");
const addOne = sql(`
  insert into users (name, role, language, password_hash, created_at) values ($1, $2, $3, $4, $5)`);
const setRole = sql("update users set role = $2 where name = $1");
const setLanguage = sql("update users set language = $2 where name = $1");
const setPassword = sql("update users set password_hash = $2, failures = 0, locked_until = null where name = $1");
const dropOne = sql("delete from users where name = $1");
// Two administrators who remove each other at the same moment wait for one another.
const lockAdministrators = sql({
  sqlite: "select name from users where role = 'administrator' order by name",
  postgres: "select name from users where role = 'administrator' order by name for update",
});

/** Users by name, behind a name. */
export async function listUsers(
  reader: Reader,
  { after = "", limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<User[]> {
  return (await reader.all<UserRow>(readPage, [after, limit])).map(userOf);
}

/** Reads a user by name. */
export async function readUser(reader: Reader, name: string): Promise<User | undefined> {
  const row = await reader.first<UserRow>(readOne, [name]);
  return row && userOf(row);
}

/** Whether there is any user at all; without one the first is made by the set-up link. */
export async function hasUsers(reader: Reader): Promise<boolean> {
  return (await reader.first(readAny)) !== undefined;
}

/** Whether there is any user with a password; those of the OpenID provider have none here. */
export async function hasPasswordUsers(reader: Reader): Promise<boolean> {
  return (await reader.first(readAnyWithPassword)) !== undefined;
}

/** Makes a user, audited. Throws `CONFIG_INVALID` when the name or password cannot be used, or the name is taken. */
export async function createUser(
  database: Database,
  user: NewUser,
  actor: UserActor & { readonly random: Random },
): Promise<User> {
  const hash = await hashOfNew(user, actor.random);
  try {
    return await database.transaction((tx) => addUser(tx, user, hash, actor));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw configError(configSentence("user-taken", { user: user.name }));
  }
}

/** Checks a new user's name and password, and hashes the password, before a transaction is opened. */
export async function hashOfNew({ name, role, password }: NewUser, random: Random): Promise<string> {
  if (!userNamePattern.test(name)) throw configError(configSentence("user-name-wrong", {}));
  if (!userRoles.includes(role))
    throw configError(configSentence("user-role-unknown", { roles: userRoles.join(", ") }));
  return hashPassword(acceptable(password, name), random);
}

/** Adds a user within the caller's transaction, audited. */
export async function addUser(tx: Transaction, user: NewUser, hash: string, actor: UserActor): Promise<User> {
  const { name, role, language = "en" } = user;
  await tx.run(addOne, [name, role, language, hash, actor.now]);
  await auditUser(tx, actor, name, `user-created-${role}`);
  return { name, role, language, createdAt: actor.now, lastSeenAt: null, lockedUntil: null, signsInBy: "password" };
}

/**
 * Changes a user, audited; a new role or password ends the user's sessions, and a new password any lock. Returns the user,
 * or `undefined` when there is none. Throws `CONFIG_INVALID` when nobody would be left who may administer.
 */
export async function changeUser(
  database: Database,
  name: string,
  { role, password, language }: UserChange,
  actor: UserActor & { readonly random: Random },
): Promise<User | undefined> {
  const hash = password === undefined ? undefined : await hashPassword(acceptable(password, name), actor.random);
  return database.transaction(async (tx) => {
    const user = await readUser(tx, name);
    if (!user) return undefined;
    if (user.signsInBy === "openid" && (role !== undefined || hash !== undefined)) {
      throw configError(configSentence("user-of-provider", { user: name }));
    }
    if (language !== undefined && language !== user.language) {
      await tx.run(setLanguage, [name, language]);
      await auditUser(tx, actor, name, `user-language-${language}`);
    }
    if (role !== undefined && role !== user.role) {
      if (user.role === "administrator") await requireAnotherAdministrator(tx, name);
      await tx.run(setRole, [name, role]);
      await auditUser(tx, actor, name, `user-made-${role}`);
    }
    if (hash !== undefined) {
      await tx.run(setPassword, [name, hash]);
      await auditUser(tx, actor, name, "user-password-changed");
    }
    if (hash !== undefined || (role !== undefined && role !== user.role)) await endSessionsOf(tx, name);
    return readUser(tx, name);
  });
}

/** Removes a user, audited, and ends their sessions. Throws `CONFIG_INVALID` for the last administrator. */
export async function removeUser(tx: Transaction, name: string, actor: UserActor): Promise<boolean> {
  const user = await readUser(tx, name);
  if (!user) return false;
  if (user.role === "administrator") await requireAnotherAdministrator(tx, name);
  await endSessionsOf(tx, name);
  await tx.run(dropOne, [name]);
  await auditUser(tx, actor, name, "user-removed");
  return true;
}

async function requireAnotherAdministrator(tx: Transaction, name: string): Promise<void> {
  const administrators = await tx.all<{ name: string }>(lockAdministrators);
  if (administrators.some((one) => one.name !== name)) return;
  throw configError(configSentence("user-last-administrator", { user: name }));
}

function acceptable(password: string, name: string): string {
  const { least, most } = passwordCharacters;
  if (password.length < least || password.length > most || password.toLowerCase() === name) {
    throw configError(configSentence("password-wrong", { least: String(least), most: String(most) }));
  }
  return password;
}

function userOf(row: UserRow): User {
  return {
    name: row.name,
    role: row.role,
    language: row.language,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    lockedUntil: row.locked_until,
    signsInBy: row.issuer === null ? "password" : "openid",
  };
}
