import { systemClock as clock, systemRandom as random, TributaryError } from "@tributary/kernel";
import { type ApiToken, createApiToken, listApiTokens, revokeApiToken, stateOfToken } from "@tributary/runtime";
import type { Terminal } from "../terminal.ts";
import { openDatabaseAt } from "./node-at.ts";
import { operatorOf } from "./operator.ts";
import { roleNamed } from "./user.ts";

export interface TokenOptions {
  readonly dir: string;
  readonly name: string;
}

export interface NewTokenOptions extends TokenOptions {
  readonly role?: string;
  /** For how long it lives; for ever when left out. */
  readonly days?: string;
}

/** Ten years; a token for longer than that is one without an end. */
const daysMax = 3_650;
const dayMs = 24 * 60 * 60_000;

/** `tributary token create`: prints the token alone, so that a script can take it. */
export async function createToken({ dir, name, role, days }: NewTokenOptions, terminal: Terminal): Promise<void> {
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const by = operatorOf(config.node.id, undefined, terminal);
  const expiresAt = days === undefined ? null : Math.round(clock.now() + daysOf(days) * dayMs);
  const ofRole = role === undefined ? {} : { role: roleNamed(role) };
  const token = await createApiToken(database, { name, clock, random, by, expiresAt, ...ofRole });
  terminal.note(`The token ${name} can be used at once. Keep it safe: it is shown this once.`);
  terminal.print(token);
}

/** `tributary token list`: a line a token. */
export async function listTokens({ dir }: Pick<TokenOptions, "dir">, terminal: Terminal): Promise<void> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const tokens = await listApiTokens(database);
  if (tokens.length === 0) terminal.note("There are no tokens yet; make one with `tributary token create NAME`.");
  for (const token of tokens) {
    const { name, role, createdAt, lastUsedAt } = token;
    const used = lastUsedAt === null ? "never used" : `used ${new Date(lastUsedAt).toISOString()}`;
    terminal.print(`${name}\t${role}\tcreated ${new Date(createdAt).toISOString()}\t${used}\t${stateText(token)}`);
  }
}

/** `tributary token revoke`. */
export async function revokeToken({ dir, name }: TokenOptions, terminal: Terminal): Promise<void> {
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const by = operatorOf(config.node.id, undefined, terminal);
  const outcome = await revokeApiToken(database, { name, clock, by });
  if (outcome === "unknown") {
    throw new TributaryError(
      "CONFIG_INVALID",
      `There is no token named ${name}; \`tributary token list\` shows them all.`,
    );
  }
  terminal.note(
    outcome === "revoked" ? `The token ${name} lets nobody in any more.` : `The token ${name} had been revoked before.`,
  );
}

function stateText(token: ApiToken): string {
  const { revokedAt, expiresAt } = token;
  if (revokedAt !== null) return `revoked ${new Date(revokedAt).toISOString()}`;
  if (expiresAt === null) return "living";
  return `${stateOfToken(token, clock.now()) === "living" ? "living until" : "expired"} ${new Date(expiresAt).toISOString()}`;
}

function daysOf(text: string): number {
  const days = Number(text);
  if (days > 0 && days <= daysMax) return days;
  throw new TributaryError("CONFIG_INVALID", `--days is a number of days up to ${daysMax}.`);
}
