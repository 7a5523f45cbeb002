import type { Database } from "@tributary/database";
import { EventBus } from "@tributary/events";
import { parseReference, ResourceStore } from "@tributary/fhir";
import { type NodeId, systemClock } from "@tributary/kernel";
import { listConflictsOf } from "@tributary/sync";
import type { Edit } from "./edit.ts";

/** What became of the edits: each is in the record's current version or is a side of a conflict, or it is lost. */
export interface EditsApart {
  readonly made: number;
  readonly found: number;
  /** What was done and cannot be found; empty is right. */
  readonly lost: readonly string[];
}

/** Looks for every edit in a node's records and conflicts. */
export async function findEdits(database: Database, edits: readonly Edit[]): Promise<EditsApart> {
  const store = new ResourceStore({ nodeId: "observer" as NodeId, bus: new EventBus(), clock: systemClock });
  const lost: string[] = [];
  for (const edit of edits) {
    if (!(await isFound(database, store, edit))) lost.push(edit.what);
  }
  return { made: edits.length, found: edits.length - lost.length, lost };
}

async function isFound(database: Database, store: ResourceStore, { reference, mark }: Edit): Promise<boolean> {
  const key = parseReference(reference);
  if (!key) return false;
  const current = await store.read(database, key);
  const conflicts = await listConflictsOf(database, key.type, key.id);
  if (mark === undefined) {
    return current?.operation === "delete" || conflicts.some(({ element }) => element.because === "edit-and-removal");
  }
  const sides = conflicts.map(({ element }) => JSON.stringify([element.mine, element.theirs]));
  return [current?.body ?? "", ...sides].some((text) => text.includes(mark));
}
