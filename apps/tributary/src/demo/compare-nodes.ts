import { createHash } from "node:crypto";
import type { Database } from "@tributary/database";
import { EventBus } from "@tributary/events";
import { ResourceStore } from "@tributary/fhir";
import { type NodeId, systemClock } from "@tributary/kernel";

/** Versions that are read at a time: some megabytes of bodies. */
const pageVersions = 1000;

/** What one node holds: for every living record, as `Type/id`, a digest of its stored text. */
export type Holdings = ReadonlyMap<string, string>;

/** How a child's records compare with its parent's. */
export interface Comparison {
  readonly records: number;
  /** References that only the parent has, that both have with other text, and that only the child has. */
  readonly missing: readonly string[];
  readonly different: readonly string[];
  readonly extra: readonly string[];
}

/**
 * Reads every living record of a node from its history, in one unchanging state. The digest is made here from the stored
 * text; a record whose stored hash does not belong to its text gets one that equals nothing.
 */
export async function readHoldings(database: Database): Promise<Holdings> {
  const store = new ResourceStore({ nodeId: "observer" as NodeId, bus: new EventBus(), clock: systemClock });
  return database.snapshot(async (reader) => {
    const newest = new Map<string, number>();
    const holdings = new Map<string, string>();
    for (let page = await store.history(reader, { limit: pageVersions }); page.length > 0; ) {
      for (const { stored } of page) {
        const reference = `${stored.key.type}/${stored.key.id}`;
        if (stored.version < (newest.get(reference) ?? 0)) continue;
        newest.set(reference, stored.version);
        if (stored.body === undefined) holdings.delete(reference);
        else holdings.set(reference, digestOf(stored.body, stored.bodyHash));
      }
      page = await store.history(reader, { limit: pageVersions, before: page.at(-1)!.place });
    }
    return holdings;
  });
}

/** Compares a child's records with its parent's, text by text. */
export function compareHoldings(parent: Holdings, child: Holdings): Comparison {
  const missing: string[] = [];
  const different: string[] = [];
  for (const [reference, digest] of parent) {
    const other = child.get(reference);
    if (other === undefined) missing.push(reference);
    else if (other !== digest) different.push(reference);
  }
  return { records: child.size, missing, different, extra: [...child.keys()].filter((one) => !parent.has(one)) };
}

function digestOf(text: string, storedHash: string | null): string {
  const digest = createHash("sha256").update(text).digest("hex");
  return digest === storedHash ? digest : `${digest} (stored as ${storedHash})`;
}
