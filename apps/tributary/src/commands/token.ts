import type { Role, TokenAnswer } from "@tributary/admin-api";
import { TributaryError } from "@tributary/kernel";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, tellMore } from "./list-query.ts";

export interface TokenOptions extends AdminOptions {
  readonly json?: boolean;
}

export interface NewTokenOptions extends TokenOptions {
  readonly role: Role;
  /** For how long it lives; for ever when left out. */
  readonly days?: string;
}

export interface ListTokensOptions
  extends TokenOptions,
    ListOptions<"name" | "createdAt" | "expiresAt" | "lastUsedAt"> {
  readonly state?: TokenAnswer["state"];
}

/** Ten years; a token for longer than that is one without an end. */
const daysMax = 3_650;

/** `tributary token create`: prints the token alone, so that a script can take it. */
export async function createToken(name: string, options: NewTokenOptions, terminal: Terminal): Promise<void> {
  const { role, days } = options;
  const body = { name, role, ...(days === undefined ? {} : { days: daysOf(days) }) };
  await using admin = await openAdmin(options, terminal);
  const made = await admin.ask("POST /tokens", { body });
  if (options.json) return terminal.print(losslessJson(made));
  terminal.note(`The token ${name} can be used at once. Keep it safe: it is shown this once.`);
  terminal.print(made.token);
}

/** `tributary token list`: a line a token. */
export async function listTokens(options: ListTokensOptions, terminal: Terminal): Promise<void> {
  const { state } = options;
  await using admin = await openAdmin(options, terminal);
  const query = { ...listQueryOf(options), ...(state === undefined ? {} : { state }) };
  const page = await admin.ask("GET /tokens", { query });
  if (options.json) return terminal.print(losslessJson(page));
  if (page.items.length === 0) terminal.note("There are no such tokens; make one with `tributary token create NAME`.");
  for (const token of page.items) {
    const { name, role, createdAt, lastUsedAt } = token;
    const used = lastUsedAt === null ? "never used" : `used ${new Date(lastUsedAt).toISOString()}`;
    terminal.print(`${name}\t${role}\tcreated ${new Date(createdAt).toISOString()}\t${used}\t${stateText(token)}`);
  }
  tellMore(page, terminal);
}

/** `tributary token revoke`. */
export async function revokeToken(name: string, options: TokenOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const outcome = await admin.ask("DELETE /tokens/:name", { path: { name } });
  if (options.json) return terminal.print(losslessJson(outcome));
  terminal.note(
    outcome.before ? `The token ${name} had been revoked before.` : `The token ${name} lets nobody in any more.`,
  );
}

function stateText({ state, revokedAt, expiresAt }: TokenAnswer): string {
  if (revokedAt !== null) return `revoked ${new Date(revokedAt).toISOString()}`;
  if (expiresAt === null) return "living";
  return `${state === "living" ? "living until" : "expired"} ${new Date(expiresAt).toISOString()}`;
}

function daysOf(text: string): number {
  const days = Number(text);
  if (days > 0 && days <= daysMax) return days;
  throw new TributaryError("CONFIG_INVALID", `--days is a number of days up to ${daysMax}.`);
}
