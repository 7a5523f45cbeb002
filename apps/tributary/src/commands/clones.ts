import type { AdminAnswer } from "@tributary/admin-api";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { textTable } from "./text-table.ts";

export interface AcceptCloneOptions extends AdminOptions {
  readonly instance?: string;
  readonly json?: boolean;
}

/**
 * `tributary node accept-clone`: of a child that is at work in two installations, lists them, or decides which one is let
 * in from now on; the others stay refused.
 */
export async function acceptClone(node: string, options: AcceptCloneOptions, terminal: Terminal): Promise<void> {
  const { instance, json } = options;
  await using admin = await openAdmin(options, terminal);
  if (instance === undefined) {
    const child = await admin.ask("GET /children/:node/clones", { path: { node } });
    return terminal.print(json ? losslessJson(child) : describe(child));
  }
  const accepted = await admin.ask("POST /children/:node/clones", { path: { node }, body: { instance } });
  if (json) terminal.print(losslessJson(accepted));
  else terminal.note(`${node} is let in again as ${instance}. Its other installations stay refused.`);
}

function describe({ node, instances, contestedAt }: AdminAnswer<"GET /children/:node/clones">): string {
  const rows = instances.map((instance, at) => [instance, at === 0 ? "spoke last" : "before"]);
  const since = new Date(contestedAt).toISOString();
  const heading = `${node} has been at work in two installations since ${since}; none of them is answered.`;
  const advice = "Each names itself in its own `tributary status`. Let one in with --instance.";
  return `${heading}\n${textTable(["installation", ""], rows)}\n${advice}`;
}
