import { systemRandom as random, TributaryError } from "@tributary/kernel";
import {
  changeUser,
  createUser,
  listUsers,
  removeUser,
  type UserActor,
  type UserLanguage,
  type UserRole,
  userLanguages,
  userRoles,
} from "@tributary/runtime";
import { newPassword } from "../new-password.ts";
import type { Terminal } from "../terminal.ts";
import { openDatabaseAt } from "./node-at.ts";
import { operatorOf } from "./operator.ts";
import { textTable } from "./text-table.ts";

export interface UserOptions {
  readonly dir: string;
  readonly as?: string;
  readonly json?: boolean;
}

export interface AddUserOptions extends UserOptions {
  readonly role: string;
  readonly language?: string;
}

/** Users listed; a site with more asks the console. */
const listedMax = 10_000;

/** `tributary user add`: makes a user with a password of its own making, which is printed alone and shown this once. */
export async function addUser(name: string, options: AddUserOptions, terminal: Terminal): Promise<void> {
  const { database, actor } = await openFor(options, terminal);
  await using _ = database;
  const password = newPassword(random);
  const language = options.language === undefined ? undefined : languageNamed(options.language);
  const user = await createUser(database, { name, role: roleNamed(options.role), password, language }, actor);
  if (options.json) return terminal.print(JSON.stringify({ ...user, password }));
  terminal.note(`${name} can sign in at /console as ${user.role} with this password, and should change it there:`);
  terminal.print(password);
}

/** `tributary user list`: every user with their role, and when they were last here. */
export async function listAllUsers(options: UserOptions, terminal: Terminal): Promise<void> {
  const { database, actor } = await openFor(options, terminal);
  await using _ = database;
  const users = await listUsers(database, { limit: listedMax });
  if (options.json) return terminal.print(JSON.stringify(users));
  if (users.length === 0) terminal.note("There are no users yet; `tributary serve` prints a link to make the first.");
  else {
    const rows = users.map(({ name, role, language, lastSeenAt, lockedUntil, signsInBy }) => [
      name,
      role,
      language,
      lastSeenAt === null ? "never" : new Date(lastSeenAt).toISOString(),
      lockedUntil !== null && lockedUntil > actor.now ? `locked until ${new Date(lockedUntil).toISOString()}` : "",
      signsInBy === "openid" ? "the OpenID provider" : "a password",
    ]);
    terminal.print(textTable(["NAME", "ROLE", "LANGUAGE", "LAST SEEN", "STATE", "SIGNS IN BY"], rows));
  }
}

/** `tributary user role`: gives a user another role, and ends their sessions. */
export async function setUserRole(name: string, role: string, options: UserOptions, terminal: Terminal): Promise<void> {
  const { database, actor } = await openFor(options, terminal);
  await using _ = database;
  const user = await changeUser(database, name, { role: roleNamed(role) }, actor);
  if (!user) throw unknown(name);
  terminal.note(`${name} is ${user.role} now; whoever was signed in by this name signs in again.`);
}

/** `tributary user reset`: gives a user a new password, takes any lock away, and ends their sessions. */
export async function resetUser(name: string, options: UserOptions, terminal: Terminal): Promise<void> {
  const { database, actor } = await openFor(options, terminal);
  await using _ = database;
  const password = newPassword(random);
  if (!(await changeUser(database, name, { password }, actor))) throw unknown(name);
  terminal.note(`${name} can sign in with this password, and should change it at /console:`);
  terminal.print(password);
}

/** `tributary user remove`: removes a user; the audit trail keeps the name. */
export async function removeOneUser(name: string, options: UserOptions, terminal: Terminal): Promise<void> {
  const { database, actor } = await openFor(options, terminal);
  await using _ = database;
  if (!(await database.transaction((tx) => removeUser(tx, name, actor)))) throw unknown(name);
  terminal.note(`${name} is no user of this node any more.`);
}

async function openFor({ dir, as }: UserOptions, terminal: Terminal) {
  const { config, database } = await openDatabaseAt(dir, terminal);
  const actor: UserActor & { readonly random: typeof random } = {
    ...operatorOf(config.node.id, as, terminal),
    random,
  };
  return { database, actor };
}

/** The role of a name that somebody typed. Throws `CONFIG_INVALID` with the names that there are. */
export function roleNamed(text: string): UserRole {
  const role = userRoles.find((one) => one === text);
  if (role) return role;
  throw new TributaryError("CONFIG_INVALID", `A role is one of ${userRoles.join(", ")}.`);
}

function languageNamed(text: string): UserLanguage {
  const language = userLanguages.find((one) => one === text);
  if (language) return language;
  throw new TributaryError("CONFIG_INVALID", `A language is one of ${userLanguages.join(", ")}.`);
}

function unknown(name: string): TributaryError {
  return new TributaryError("CONFIG_INVALID", `There is no user ${name}; \`tributary user list\` shows them all.`);
}
