import type { Transaction } from "@tributary/database";
import { type Clock, newUuid, type Random, type Uuid } from "@tributary/kernel";
import type { Subscription } from "../bus/subscription.ts";
import { requireCarriable } from "./carriable.ts";
import type { PendingEvent } from "./event-batch.ts";
import type { EventDraft } from "./event-draft.ts";
import { writeToLog } from "./write-to-log.ts";
import { writeToQueue } from "./write-to-queue.ts";

export interface OutboxOptions {
  readonly clock: Clock;
  readonly random: Random;
}

/** One transaction's events. */
interface Buffer {
  /** Appended and neither written nor undone, in the order of the appends. */
  readonly pending: Set<PendingEvent>;
  /** Those of them whose turn before the commit has come. */
  readonly due: Set<PendingEvent>;
  written: number;
  isAnnounced: boolean;
}

/**
 * Records events in the transaction that makes them true: they exist exactly when it commits.
 *
 * Events are kept in memory until just before the commit and then written in one go: on PostgreSQL into the queue, on
 * SQLite straight into the log. Hooks before the commit that were set later than the last append run after the writing;
 * what they append is written by a further go, and only the last record of the transaction then tells its full size.
 */
export class Outbox {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #buffers = new Map<Uuid, Buffer>();
  readonly #appendedListeners = new Set<{ readonly listener: () => void }>();

  constructor(options: OutboxOptions) {
    this.#clock = options.clock;
    this.#random = options.random;
  }

  /**
   * Adds an event to the transaction (or savepoint: undone alone, it takes its events along).
   *
   * Throws `CONTENT_NOT_CARRIABLE` when a feed could not carry the event, `OUTSIDE_TRANSACTION` when the transaction has
   * ended.
   */
  append(tx: Transaction, draft: EventDraft): void {
    const event: PendingEvent = {
      draft,
      text: requireCarriable(draft),
      uuid: draft.uuid ?? newUuid(this.#clock, this.#random),
      raisedAt: draft.occurredAt ?? this.#clock.now(),
    };
    const buffer = this.#buffers.get(tx.id) ?? { pending: new Set(), due: new Set(), written: 0, isAnnounced: false };
    tx.afterRollback(() => this.#undo(tx.id, buffer, event));
    tx.beforeCommit(() => this.#writeWhenAllAreDue(tx, buffer, event));
    tx.afterCommit(() => this.#announce(tx.id, buffer));
    buffer.pending.add(event);
    this.#buffers.set(tx.id, buffer);
  }

  /** Makes a listener for the event bus that appends what `describe` makes of an event; `undefined` is not announced. */
  listener<E>(describe: (event: E) => EventDraft | undefined): (event: E, tx: Transaction) => void {
    return (event, tx) => {
      const draft = describe(event);
      if (draft) this.append(tx, draft);
    };
  }

  /** Tells, after each commit that appended events through this outbox, that there is something to move or to read. */
  onAppended(listener: () => void): Subscription {
    const place = { listener };
    this.#appendedListeners.add(place);
    return { [Symbol.dispose]: () => void this.#appendedListeners.delete(place) };
  }

  async #writeWhenAllAreDue(tx: Transaction, buffer: Buffer, event: PendingEvent): Promise<void> {
    buffer.due.add(event);
    if (buffer.due.size < buffer.pending.size) return;
    const batch = { transactionId: tx.id, alreadyWritten: buffer.written, events: [...buffer.pending] };
    buffer.written += buffer.pending.size;
    buffer.pending.clear();
    buffer.due.clear();
    if (tx.dialect === "postgres") await writeToQueue(tx, batch);
    else await writeToLog(tx, batch, this.#clock.now());
  }

  #undo(transaction: Uuid, buffer: Buffer, event: PendingEvent): void {
    buffer.pending.delete(event);
    buffer.due.delete(event);
    if (buffer.pending.size === 0) this.#buffers.delete(transaction);
  }

  #announce(transaction: Uuid, buffer: Buffer): void {
    if (buffer.isAnnounced) return;
    buffer.isAnnounced = true;
    this.#buffers.delete(transaction);
    for (const { listener } of this.#appendedListeners) listener();
  }
}
