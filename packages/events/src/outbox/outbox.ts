import type { Transaction } from "@tributary/database";
import { type Clock, newUuid, type Random, type Uuid } from "@tributary/kernel";
import type { Subscription } from "../bus/subscription.ts";
import { requireCarriable } from "./carriable.ts";
import { type PendingEvent, placeEvents } from "./event-batch.ts";
import type { EventDraft } from "./event-draft.ts";
import { writeToLog } from "./write-to-log.ts";
import { writeToQueue } from "./write-to-queue.ts";

/** Time and chance, from which an outbox makes the ids and times of events. */
export interface OutboxOptions {
  readonly clock: Clock;
  readonly random: Random;
}

type WritingListener = (tx: Transaction) => Promise<readonly EventDraft[]>;

/** The events that one transaction has appended so far. */
interface Buffer {
  /** Neither written nor undone, in the order of the appends. */
  pending: (PendingEvent & { readonly level: Level })[];
  /** The transaction and its savepoints, as far as they have pending events. */
  readonly levels: Map<Transaction, Level>;
  /** How many of each change set have been written. */
  readonly written: Map<string, number>;
}

/** A transaction or a savepoint in it; `isDue` once its hook before the commit has run. */
interface Level {
  isDue: boolean;
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
  readonly #writingListeners = new Set<{ readonly listener: WritingListener }>();

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
    const event = this.#eventOf(draft);
    // A hook, even an empty one, is refused by a transaction that has ended.
    tx.afterRollback(nothing);
    const buffer = this.#bufferOf(tx);
    const level = buffer.levels.get(tx) ?? this.#openLevel(tx, buffer);
    buffer.pending.push({ level, ...event });
  }

  /** Makes a listener for the event bus that appends what `describe` makes of an event; `undefined` is not announced. */
  listener<E>(describe: (event: E, tx: Transaction) => EventDraft | undefined): (event: E, tx: Transaction) => void {
    return (event, tx) => {
      const draft = describe(event, tx);
      if (draft) this.append(tx, draft);
    };
  }

  /** Tells, after each commit that appended events through this outbox, that there is something to move or to read. */
  onAppended(listener: () => void): Subscription {
    const place = { listener };
    this.#appendedListeners.add(place);
    return { [Symbol.dispose]: () => void this.#appendedListeners.delete(place) };
  }

  /**
   * Has something done inside the transaction just before its events are written, when all that it changes is known. The
   * events that it returns are written with the others; its error undoes the transaction.
   */
  onWriting(listener: WritingListener): Subscription {
    const place = { listener };
    this.#writingListeners.add(place);
    return { [Symbol.dispose]: () => void this.#writingListeners.delete(place) };
  }

  #eventOf(draft: EventDraft): PendingEvent {
    const text = requireCarriable(draft);
    const uuid = draft.uuid ?? newUuid(this.#clock, this.#random);
    return { draft, text, uuid, raisedAt: draft.occurredAt ?? this.#clock.now() };
  }

  #bufferOf(tx: Transaction): Buffer {
    let buffer = this.#buffers.get(tx.id);
    if (!buffer) {
      buffer = { pending: [], levels: new Map(), written: new Map() };
      this.#buffers.set(tx.id, buffer);
    }
    return buffer;
  }

  #openLevel(tx: Transaction, buffer: Buffer): Level {
    const level: Level = { isDue: false };
    buffer.levels.set(tx, level);
    tx.beforeCommit(() => this.#writeWhenAllAreDue(tx, buffer, level));
    tx.afterCommit(() => this.#announce(tx.id));
    tx.afterRollback(() => this.#undo(tx, buffer, level));
    return level;
  }

  async #writeWhenAllAreDue(tx: Transaction, buffer: Buffer, level: Level): Promise<void> {
    level.isDue = true;
    for (const { isDue } of buffer.levels.values()) if (!isDue) return;
    for (const { listener } of this.#writingListeners) {
      for (const draft of await listener(tx)) buffer.pending.push({ level, ...this.#eventOf(draft) });
    }
    const batch = placeEvents(buffer.pending, tx.id, buffer.written);
    buffer.pending = [];
    buffer.levels.clear();
    if (batch.length === 0) return;
    if (tx.dialect === "postgres") await writeToQueue(tx, batch);
    else await writeToLog(tx, batch, this.#clock.now());
  }

  #undo(tx: Transaction, buffer: Buffer, level: Level): void {
    buffer.pending = buffer.pending.filter((event) => event.level !== level);
    buffer.levels.delete(tx);
    if (buffer.levels.size === 0) this.#buffers.delete(tx.id);
  }

  /** The first of a transaction's levels to be told of the commit tells the listeners. */
  #announce(transaction: Uuid): void {
    if (!this.#buffers.delete(transaction)) return;
    for (const { listener } of this.#appendedListeners) listener();
  }
}

function nothing(): void {}
