import { systemClock as clock, systemRandom as random, TributaryError } from "@tributary/kernel";
import { createApiToken, listApiTokens, revokeApiToken } from "@tributary/runtime";
import type { Terminal } from "../terminal.ts";
import { openDatabaseAt } from "./node-at.ts";
import { operatorOf } from "./operator.ts";

export interface TokenOptions {
  readonly dir: string;
  readonly name: string;
}

/** `tributary token create`: prints the token alone, so that a script can take it. */
export async function createToken({ dir, name }: TokenOptions, terminal: Terminal): Promise<void> {
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const by = operatorOf(config.node.id, undefined, terminal);
  const token = await createApiToken(database, { name, clock, random, by });
  terminal.note(`The token ${name} can be used at once. Keep it safe: it is shown this once.`);
  terminal.print(token);
}

/** `tributary token list`: a line a token. */
export async function listTokens({ dir }: Pick<TokenOptions, "dir">, terminal: Terminal): Promise<void> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const tokens = await listApiTokens(database);
  if (tokens.length === 0) terminal.note("There are no tokens yet; make one with `tributary token create NAME`.");
  for (const { name, createdAt, revokedAt } of tokens) {
    const state = revokedAt === null ? "living" : `revoked ${new Date(revokedAt).toISOString()}`;
    terminal.print(`${name}\tcreated ${new Date(createdAt).toISOString()}\t${state}`);
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
