import { EventBus } from "@tributary/events";
import { parseReference, ResourceStore } from "@tributary/fhir";
import { type NodeId, systemClock, TributaryError } from "@tributary/kernel";
import { type RecordReach, readRecordReach } from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { openDatabaseAt } from "./node-at.ts";

export interface RecordReachOptions {
  readonly dir: string;
  readonly reference: string;
  readonly json?: boolean;
}

/** `tributary status REFERENCE`: which tiers above this node have the current version of a record. */
export async function recordReach({ dir, reference, json }: RecordReachOptions, terminal: Terminal): Promise<void> {
  const key = parseReference(reference);
  if (!key) throw new TributaryError("CONFIG_INVALID", "Name a record as TYPE/ID, for example Patient/123.");
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const store = new ResourceStore({ nodeId: config.node.id as NodeId, bus: new EventBus(), clock: systemClock });
  const stored = await store.read(database, key);
  if (!stored) throw new TributaryError("CONFIG_INVALID", `This node never had ${reference}.`);
  const { version } = stored;
  const { tiers } = await readRecordReach(database, config.node.id, { ...key, version });
  terminal.print(json ? JSON.stringify({ reference, version, tiers }) : describe(reference, version, tiers));
}

function describe(reference: string, version: number, tiers: RecordReach["tiers"]): string {
  if (tiers.length === 0) return `${reference} is at version ${version} here; this node has no parent.`;
  const places = tiers.map(({ node, has }) => {
    if (has === null) return `${node}: not known here`;
    return `${node}: ${has ? "has it" : "not yet"}`;
  });
  return `${reference} is at version ${version} here; ${places.join(", ")}`;
}
