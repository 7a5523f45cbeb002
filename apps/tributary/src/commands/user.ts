import type { Role } from "@tributary/admin-api";
import { systemRandom as random, systemClock } from "@tributary/kernel";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import { newPassword } from "../new-password.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, tellMore } from "./list-query.ts";
import { textTable } from "./text-table.ts";

export interface UserOptions extends AdminOptions {
  readonly json?: boolean;
}

export interface AddUserOptions extends UserOptions {
  readonly role: Role;
  readonly language?: "en" | "fr";
}

export interface ListUsersOptions extends UserOptions, ListOptions<"name" | "role" | "lastSeenAt"> {
  readonly role?: Role;
}

/** `tributary user add`: makes a user with a password of its own making, which is printed alone and shown this once. */
export async function addUser(name: string, options: AddUserOptions, terminal: Terminal): Promise<void> {
  const { role, language } = options;
  const password = newPassword(random);
  await using admin = await openAdmin(options, terminal);
  const body = { name, role, password, ...(language === undefined ? {} : { language }) };
  const user = await admin.ask("POST /users", { body });
  if (options.json) return terminal.print(losslessJson({ ...user, password }));
  terminal.note(`${name} can sign in at /console as ${user.role} with this password, and should change it there:`);
  terminal.print(password);
}

/** `tributary user list`: the users with their roles, and when they were last here. */
export async function listAllUsers(options: ListUsersOptions, terminal: Terminal): Promise<void> {
  const { role } = options;
  await using admin = await openAdmin(options, terminal);
  const query = { ...listQueryOf(options), ...(role === undefined ? {} : { role }) };
  const page = await admin.ask("GET /users", { query });
  if (options.json) return terminal.print(losslessJson(page));
  if (page.items.length === 0) return terminal.note(nobody(options));
  const now = systemClock.now();
  const rows = page.items.map(({ name, role, language, lastSeenAt, lockedUntil, signsInBy }) => [
    name,
    role,
    language,
    lastSeenAt === null ? "never" : new Date(lastSeenAt).toISOString(),
    lockedUntil !== null && lockedUntil > now ? `locked until ${new Date(lockedUntil).toISOString()}` : "",
    signsInBy === "openid" ? "the OpenID provider" : "a password",
  ]);
  terminal.print(textTable(["NAME", "ROLE", "LANGUAGE", "LAST SEEN", "STATE", "SIGNS IN BY"], rows));
  tellMore(page, terminal);
}

/** `tributary user role`: gives a user another role, and ends their sessions. */
export async function setUserRole(name: string, role: Role, options: UserOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const user = await admin.ask("PATCH /users/:name", { path: { name }, body: { role } });
  if (options.json) return terminal.print(losslessJson(user));
  terminal.note(`${name} is ${user.role} now; whoever was signed in by this name signs in again.`);
}

/** `tributary user reset`: gives a user a new password, takes any lock away, and ends their sessions. */
export async function resetUser(name: string, options: UserOptions, terminal: Terminal): Promise<void> {
  const password = newPassword(random);
  await using admin = await openAdmin(options, terminal);
  const user = await admin.ask("PATCH /users/:name", { path: { name }, body: { password } });
  if (options.json) return terminal.print(losslessJson({ ...user, password }));
  terminal.note(`${name} can sign in with this password, and should change it at /console:`);
  terminal.print(password);
}

/** `tributary user remove`: removes a user; the audit trail keeps the name. */
export async function removeOneUser(name: string, options: UserOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const removed = await admin.ask("DELETE /users/:name", { path: { name } });
  if (options.json) return terminal.print(losslessJson(removed));
  terminal.note(`${name} is no user of this node any more.`);
}

function nobody({ find, role, after }: ListUsersOptions): string {
  if (find !== undefined || role !== undefined || after !== undefined) return "No other users.";
  return "There are no users yet; `tributary serve` prints a link to make the first.";
}
