import type { EventBus, Outbox } from "@tributary/events";
import { conflictChanged, conflictDraft } from "./conflict-changed.ts";
import { conflictStreamsOf } from "./conflict-streams.ts";

/** A conflict that is about to be announced, and the catchments' streams for it once they are known. */
interface Announced {
  readonly key: { readonly type: string; readonly id: string };
  streams: readonly string[];
}

/**
 * Joins bus and outbox for conflicts. What is announced is that a conflict changed, in a category of their own and without
 * any of its content, to the children whose catchment has the record; a child asks for that, and is answered what it may
 * see. It is to be called after memberships have begun to listen, so that they are known as the transaction leaves them.
 */
export function announceConflicts(bus: EventBus, outbox: Outbox): void {
  const waiting = new Map<string, Set<Announced>>();
  bus.on(conflictChanged, "within-transaction", (conflict, tx) => {
    const announced: Announced = { key: { type: conflict.type, id: conflict.id }, streams: [] };
    waiting.set(tx.id, (waiting.get(tx.id) ?? new Set()).add(announced));
    tx.afterRollback(() => {
      const others = waiting.get(tx.id);
      others?.delete(announced);
      if (others?.size === 0) waiting.delete(tx.id);
    });
    outbox.append(
      tx,
      conflictDraft(conflict, () => announced.streams),
    );
  });
  outbox.onWriting(async (tx) => {
    const due = [...(waiting.get(tx.id) ?? [])];
    waiting.delete(tx.id);
    if (due.length === 0) return [];
    const streams = await conflictStreamsOf(
      tx,
      due.map(({ key }) => key),
    );
    for (const one of due) one.streams = streams.get(`${one.key.type}/${one.key.id}`) ?? [];
    return [];
  });
}
