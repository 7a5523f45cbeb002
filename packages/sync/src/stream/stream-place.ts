/**
 * A place in a stream: by its history, its position, and the entry that stands there. Whoever has another entry at that
 * position has another history, though it bear the same name.
 */
export interface StreamPlace {
  /** The history in which the position counts; in another one it means nothing. */
  readonly epoch: string;
  /** The position of the entry; 0 before the first. */
  readonly position: number;
  /** Digest of that entry; `null` at the beginning. */
  readonly entryDigest: string | null;
}

/** A place, and the stream in which it lies. */
export interface NamedPlace extends StreamPlace {
  readonly stream: string;
}
