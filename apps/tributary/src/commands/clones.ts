import { TributaryError } from "@tributary/kernel";
import { acceptInstance, type ContestedChild, listContestedChildren } from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { openDatabaseAt } from "./node-at.ts";
import { textTable } from "./text-table.ts";

export interface AcceptCloneOptions {
  readonly dir: string;
  readonly instance?: string;
  readonly json?: boolean;
}

/**
 * `tributary node accept-clone`: of a child that is at work in two installations, lists them, or decides which one is let
 * in from now on; the others stay refused.
 */
export async function acceptClone(
  node: string,
  { dir, instance, json }: AcceptCloneOptions,
  terminal: Terminal,
): Promise<void> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const child = (await listContestedChildren(database)).find((one) => one.node === node);
  if (!child) throw misuse(`The node ${node} is not at work in two installations.`);
  if (instance === undefined) {
    terminal.print(json ? JSON.stringify(child) : describe(child));
    return;
  }
  const accepted = await database.transaction((tx) => acceptInstance(tx, node, instance));
  if (!accepted) throw misuse(`The node ${node} has no installation ${instance}; without --instance they are listed.`);
  if (json) terminal.print(JSON.stringify({ node, instance }));
  else terminal.note(`${node} is let in again as ${instance}. Its other installations stay refused.`);
}

function describe({ node, instances, contestedAt }: ContestedChild): string {
  const rows = instances.map((instance, at) => [instance, at === 0 ? "spoke last" : "before"]);
  const since = new Date(contestedAt).toISOString();
  const heading = `${node} has been at work in two installations since ${since}; none of them is answered.`;
  const advice = "Each names itself in its own `tributary status`. Let one in with --instance.";
  return `${heading}\n${textTable(["installation", ""], rows)}\n${advice}`;
}

function misuse(sentence: string): TributaryError {
  return new TributaryError("CONFIG_INVALID", sentence);
}
