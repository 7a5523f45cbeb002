import type { Transaction } from "@tributary/database";
import type { EventType } from "./event-type.ts";
import type { Subscription } from "./subscription.ts";

/**
 * When a listener is told: inside the business transaction (its throw rolls the change back), once the change is
 * durable, or once it is certain that the change has been undone.
 */
export type ListenerMoment = "within-transaction" | "after-commit" | "after-rollback";

type WithinListener<E> = (event: E, tx: Transaction) => void | Promise<void>;
type AfterListener<E> = (event: E) => void | Promise<void>;

type Place =
  | { readonly moment: "within-transaction"; readonly listener: WithinListener<unknown> }
  | { readonly moment: "after-commit" | "after-rollback"; readonly listener: AfterListener<unknown> };

/**
 * Tells listeners what happened. A publisher knows none of them, and an event that nobody listens to costs a look-up.
 *
 * Listeners of one moment are told in the order of their subscription, those of the published type before those of its
 * broader types. Within the transaction they are told one after another, each awaited; after it, all are started and
 * nobody waits for them. What is told after the commit is lost when the process ends first: what must arrive goes
 * through the outbox.
 */
export class EventBus {
  /** Types without a listener are absent. */
  readonly #places = new Map<EventType<unknown>, readonly Place[]>();
  /** Who hears a type, those of its broader types included; made when it is first asked for. */
  readonly #hearing = new Map<EventType<unknown>, readonly Place[]>();

  /** Listens to a type and to all narrower ones until the subscription is disposed of. */
  on<E>(type: EventType<E>, moment: "within-transaction", listener: WithinListener<NoInfer<E>>): Subscription;
  on<E>(type: EventType<E>, moment: ListenerMoment, listener: AfterListener<NoInfer<E>>): Subscription;
  on<E>(type: EventType<E>, moment: ListenerMoment, listener: WithinListener<E>): Subscription {
    const place = { moment, listener } as Place;
    this.#hearing.clear();
    this.#places.set(type, [...(this.#places.get(type) ?? []), place]);
    return { [Symbol.dispose]: () => this.#leave(type, place) };
  }

  /** Tells whether anybody would hear an event of this type, at any moment. */
  hasListeners(type: EventType<unknown>): boolean {
    for (let at: EventType<unknown> | undefined = type; at; at = at.broader) if (this.#places.has(at)) return true;
    return false;
  }

  /**
   * Publishes an event on the transaction that makes it true. When a function is given, it makes the event, and is
   * called only if somebody listens; an event itself is never a function.
   *
   * Rejects with what a listener within the transaction threw; that transaction (or savepoint) can no longer commit,
   * whatever the caller does with the error. Rejects with `OUTSIDE_TRANSACTION` when the transaction has ended.
   */
  publish<E>(tx: Transaction, type: EventType<E>, event: NoInfer<E> | (() => NoInfer<E>)): Promise<void> {
    return this.hasListeners(type) ? this.#tell(tx, type, event) : nobodyListens;
  }

  async #tell(tx: Transaction, type: EventType<unknown>, given: unknown): Promise<void> {
    // A hook, even an empty one, is refused by a transaction that has ended.
    tx.afterRollback(nothing);
    const event: unknown = typeof given === "function" ? given() : given;
    const places = this.#placesHearing(type);
    // These are set before anybody can veto: a vetoed change is told as undone.
    for (const { moment, listener } of places) if (moment === "after-rollback") tx.afterRollback(() => listener(event));
    try {
      for (const { moment, listener } of places) {
        const heard = moment === "within-transaction" ? listener(event, tx) : undefined;
        // Most of them only take a note; to wait for those would cost more than they do.
        if (heard !== undefined) await heard;
      }
    } catch (veto) {
      // A publisher may swallow a listener's error, but not the veto that it is.
      tx.beforeCommit(() => {
        throw veto;
      });
      throw veto;
    }
    for (const { moment, listener } of places) if (moment === "after-commit") tx.afterCommit(() => listener(event));
  }

  #placesHearing(type: EventType<unknown>): readonly Place[] {
    let hearing = this.#hearing.get(type);
    if (!hearing) {
      hearing = [...(this.#places.get(type) ?? []), ...(type.broader ? this.#placesHearing(type.broader) : [])];
      this.#hearing.set(type, hearing);
    }
    return hearing;
  }

  #leave(type: EventType<unknown>, place: Place): void {
    this.#hearing.clear();
    const left = (this.#places.get(type) ?? []).filter((other) => other !== place);
    if (left.length > 0) this.#places.set(type, left);
    else this.#places.delete(type);
  }
}

const nobodyListens: Promise<void> = Promise.resolve();

function nothing(): void {}
