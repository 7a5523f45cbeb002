/** One consumer's reading of one feed: what a marker, failed events and the memory of read entries belong to. */
export interface Subscription {
  /**
   * Tells consumers of one feed apart. The empty name is that of readers which know only the address; their markers and
   * ours are then the same rows.
   */
  readonly consumer: string;
  /** The address subscribed to, by custom `…/recent`; kept as it is spelled. */
  readonly feedUri: string;
}

/** Where a subscription without a marker begins. */
export type StartPosition =
  /** At the first event of all. */
  | "beginning"
  /** After the newest event that is there now. */
  | "now"
  /** Where the marker without a consumer's name stands, if there is one; else at the beginning. */
  | "shared-marker"
  /** At the first event published at or after a moment, in milliseconds. */
  | { readonly date: number }
  /** After an entry, by its id. */
  | { readonly entry: string };

/** What to do when neither the marker's entry nor any other that was read is in the feed. */
export type LostMarkerPolicy = "beginning" | "now" | "stop";
