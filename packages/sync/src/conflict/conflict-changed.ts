import { hash } from "node:crypto";
import { type EventDraft, type EventType, eventType } from "@tributary/events";
import type { Conflict } from "./conflict.ts";

/** Told when a conflict was opened, assigned, decided, superseded or settled by a rule, here or at the parent. */
export const conflictChanged: EventType<Conflict> = eventType<Conflict>("conflict.changed");

/** The stream that announces conflicts to the children; each is served that of its own catchment under this name. */
export const conflictsStream = "conflicts";

/** The stream that announces the conflicts of a catchment's records, so that nobody else's are even counted in it. */
export function conflictsOfCatchment(catchment: string): string {
  return `${conflictsStream}.${catchment}`;
}

/** What is announced of a conflict, besides to the children that hold everything to those of some streams. */
export function conflictDraft(conflict: Conflict, streams: () => readonly string[]): EventDraft {
  const { conflictId, revision } = conflict;
  return {
    eventType: "conflict.changed",
    category: "conflict",
    title: "Conflict",
    content: `urn:uuid:${conflictId}`,
    orderKey: `Conflict/${conflictId}`,
    streams: () => [conflictsStream, ...streams()],
    entity: { type: "Conflict", id: conflictId },
    version: revision,
    operation: revision === 1 ? "create" : "update",
    bodyHash: standingHashOf(conflict),
  };
}

/** Tells how a conflict stands from how else it could stand in the same revision, in the other history of a restored node. */
function standingHashOf({ state, assignee, resolution, undone, supersededBy }: Conflict): string {
  const decided = resolution && [resolution.at, resolution.by, resolution.node, resolution.choice];
  const takenBack = undone && [undone.at, undone.by, undone.node];
  return hash("sha256", JSON.stringify([state, assignee, decided, takenBack, supersededBy]));
}
