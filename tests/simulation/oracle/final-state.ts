import { sql } from "@tributary/database";
import type { SimNode } from "../world/sim-node.ts";
import { tokensIn } from "./ledger.ts";

/** What one node holds in the end, read with plain statements: the oracle asks the engine nothing. */
export interface FinalState {
  readonly node: string;
  /** The current body of each record, or `undefined` for a deleted one, by `Type/id`. */
  readonly current: ReadonlyMap<string, string | undefined>;
  /** Everything that the node's conflict rows keep, by `Type/id`. */
  readonly conflicts: ReadonlyMap<string, readonly ConflictRow[]>;
  /** Every body that any version ever had. */
  readonly history: readonly { readonly name: string; readonly body: string | null }[];
}

export interface ConflictRow {
  readonly path: string;
  readonly tokens: ReadonlySet<string>;
}

const readHistory = sql("select type, resource_key, version, body, operation from resource_version order by version");
const readHeads = sql("select resource_key, type, id, version, is_deleted from resource");
const readConflicts = sql("select type, id, element from conflicts");

export async function readFinalState({ name, node }: SimNode): Promise<FinalState> {
  const { database } = node;
  const heads = await database.all<{
    resource_key: number;
    type: string;
    id: string;
    version: number;
    is_deleted: number;
  }>(readHeads);
  const byKey = new Map(heads.map((head) => [head.resource_key, head]));
  const rows = await database.all<{ resource_key: number; version: number; body: string | null }>(readHistory);
  const current = new Map<string, string | undefined>();
  const history: { name: string; body: string | null }[] = [];
  for (const { resource_key: key, version, body } of rows) {
    const head = byKey.get(key);
    if (!head) continue;
    const record = `${head.type}/${head.id}`;
    history.push({ name: record, body });
    if (version === head.version) current.set(record, head.is_deleted ? undefined : (body ?? undefined));
  }
  const conflicts = new Map<string, ConflictRow[]>();
  for (const { type, id, element } of await database.all<{ type: string; id: string; element: string }>(
    readConflicts,
  )) {
    const record = `${type}/${id}`;
    const { path } = JSON.parse(element) as { path: string };
    conflicts.set(record, [...(conflicts.get(record) ?? []), { path, tokens: tokensIn(element) }]);
  }
  return { node: name, current, conflicts, history };
}
