import { type Reader, sql } from "@tributary/database";
import { parseNodeId } from "@tributary/kernel";

/** Who first wrote a version, as it is handed on from tier to tier. */
export interface RecordOrigin {
  /** The node on which a hand wrote it. */
  readonly node: string;
  /** Its version there. */
  readonly version: number | null;
  /** The operation under which it left that node. */
  readonly operation: string | null;
}

/** Names of operations have no blanks, and are no longer than a node's name, an incarnation and a counter. */
const operationName = /^[\x21-\x7e]{1,200}$/;

const readTaken = sql(`
  select node from child_nodes where revoked_at is null and node <> $1
  union
  select parent as node from parent_links`);

/** Reads an origin from a request; anything else is `undefined`. */
export function parseRecordOrigin(value: unknown): RecordOrigin | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [node, version, operation] = value as unknown[];
  if (typeof node !== "string" || parseNodeId(node) === undefined) return undefined;
  if (version !== null && !(Number.isSafeInteger(version) && (version as number) > 0)) return undefined;
  if (operation !== null && !(typeof operation === "string" && operationName.test(operation))) return undefined;
  return { node, version: version as number | null, operation: operation as string | null };
}

/**
 * The nodes that a child cannot speak for, since their changes come here by themselves: this node, its other children,
 * and its parent. What a child says it has from one of them counts as the child's own.
 */
export async function nodesNotSpokenFor(reader: Reader, child: string, self: string): Promise<ReadonlySet<string>> {
  const rows = await reader.all<{ node: string }>(readTaken, [child]);
  return new Set([self, ...rows.map(({ node }) => node)]);
}
