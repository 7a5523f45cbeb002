import { type EventBus, type EventDraft, type EventType, eventType, type Outbox } from "@tributary/events";
import type { Conflict } from "./conflict.ts";

/** Told when a conflict was opened, assigned, decided, superseded or settled by a rule, here or at the parent. */
export const conflictChanged: EventType<Conflict> = eventType<Conflict>("conflict.changed");

/** The stream that announces conflicts to the children. */
export const conflictsStream = "conflicts";

/**
 * Joins bus and outbox for conflicts. What is announced is that a conflict changed, in a category and a stream of their
 * own and without any of its content; a child asks for that, and is answered what it may see.
 */
export function announceConflicts(bus: EventBus, outbox: Outbox): void {
  bus.on(conflictChanged, "within-transaction", outbox.listener(conflictDraft));
}

/** What is announced of a conflict. */
export function conflictDraft({ conflictId, revision }: Pick<Conflict, "conflictId" | "revision">): EventDraft {
  return {
    eventType: "conflict.changed",
    category: "conflict",
    title: "Conflict",
    content: `urn:uuid:${conflictId}`,
    orderKey: `Conflict/${conflictId}`,
    streams: [conflictsStream],
    entity: { type: "Conflict", id: conflictId },
    version: revision,
    operation: revision === 1 ? "create" : "update",
  };
}
