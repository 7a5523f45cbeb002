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
export function conflictDraft(
  { conflictId, revision }: Pick<Conflict, "conflictId" | "revision">,
  streams: () => readonly string[],
): EventDraft {
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
  };
}
