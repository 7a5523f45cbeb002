/** What the outbox is to write for one event. */
export interface EventDraft {
  /** Names the kind of event: `resource.saved`. */
  readonly eventType: string;
  /** The category, and so the Atom feed, that the event appears in. */
  readonly category: string;
  /** What readers of the feed tell events apart by: `Patient`, `Bed-Assignment`. */
  readonly title: string;
  /** The entry's content: by custom a link to the thing, or JSON. */
  readonly content: string;
  readonly uri?: string;
  /** Further tags; the category is always the first. */
  readonly tags?: readonly string[];
  /** Events of one key keep their commit order and are numbered without gaps: `Patient/123`. `null` asks for no order. */
  readonly orderKey: string | null;
  /**
   * Named streams that the event belongs to besides its category. A function is asked just before the events are written,
   * when the whole transaction is known.
   */
  readonly streams?: readonly string[] | (() => readonly string[]);
  /** The thing that changed. */
  readonly entity?: { readonly type: string; readonly id: string };
  readonly version?: number;
  readonly operation?: "create" | "update" | "delete" | (string & {});
  readonly bodyHash?: string;
  /** The node where the change was first made, and the name of the operation there. */
  readonly originNode?: string;
  readonly originOperation?: string;
  /**
   * What the event was changed together with, when its transaction holds several such sets: readers are told of each as
   * of a transaction with this name. The transaction itself when it is absent.
   */
  readonly changeSet?: string;
  /** When it happened, in milliseconds since 1970; the moment of the append when it is absent. */
  readonly occurredAt?: number;
  /** The event's own identity; a new one is made when it is absent. */
  readonly uuid?: string;
}
