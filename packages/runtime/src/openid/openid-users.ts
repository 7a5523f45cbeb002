import { type Reader, sql, type Transaction } from "@tributary/database";
import type { Random } from "@tributary/kernel";
import type { UserLanguage, UserRole } from "../users/role.ts";
import { beginSession, endSessionsOf } from "../users/sessions.ts";
import { auditUser } from "../users/user-audit.ts";

/** Somebody whom the provider vouches for. */
export interface VouchedUser {
  readonly issuer: string;
  /** The provider's name for them, which never becomes another's. */
  readonly subject: string;
  readonly name: string;
  readonly role: UserRole;
  readonly language: UserLanguage | undefined;
}

/** A session's token; `name-taken` when a user of that name signs in with a password, or is another one at the provider. */
export type VouchedSession = { readonly kind: "signed-in"; readonly token: string } | { readonly kind: "name-taken" };

interface UserRow {
  readonly name: string;
  readonly role: UserRole;
  readonly issuer: string | null;
}

const readBySubject = sql("select name, role, issuer from users where issuer = $1 and subject = $2");
const readByName = sql("select name, role, issuer from users where name = $1");
const addOne = sql(`
  insert into users (name, role, language, password_hash, created_at, issuer, subject)
  values ($1, $2, $3, '', $4, $5, $6)`);
const setRole = sql("update users set role = $2 where name = $1");

/**
 * Begins a session for somebody whom the provider vouches for. They are a user from the first time on, with the role that
 * the provider's groups give at each sign-in; another role ends the sessions that they had. They keep the name of the first
 * time, since the audit trail knows them by it. Audited.
 */
export async function signVouchedIn(
  tx: Transaction,
  user: VouchedUser,
  { nodeId, random, now }: { readonly nodeId: string; readonly random: Random; readonly now: number },
): Promise<VouchedSession> {
  const { issuer, subject, role, language = "en" } = user;
  const known = await tx.first<UserRow>(readBySubject, [issuer, subject]);
  const name = known?.name ?? user.name;
  const actor = { nodeId, author: name, now };
  if (!known) {
    if (await isTaken(tx, name)) return { kind: "name-taken" };
    await tx.run(addOne, [name, role, language, now, issuer, subject]);
    await auditUser(tx, actor, name, `user-created-${role}`);
  } else if (known.role !== role) {
    await tx.run(setRole, [name, role]);
    await endSessionsOf(tx, name);
    await auditUser(tx, actor, name, `user-made-${role}`);
  }
  await auditUser(tx, actor, name, "signed-in-openid");
  return { kind: "signed-in", token: await beginSession(tx, name, { random, now }) };
}

async function isTaken(reader: Reader, name: string): Promise<boolean> {
  return (await reader.first<UserRow>(readByName, [name])) !== undefined;
}
