import type { Reader, Transaction } from "@tributary/database";
import type { ParentConnection } from "../pull/parent-connection.ts";
import type { ReadSomewhere } from "../pull/seen-places.ts";
import type { Fetched } from "../replicate.ts";
import type { StreamEntry } from "../stream/stream-entry.ts";

/**
 * A stream that a child follows beside that of its records, with a marker of its own: same pages, same epochs. What its
 * entries are about, how their content is fetched and where it goes is said here.
 */
export interface SideStream<Content extends ReadSomewhere = ReadSomewhere> {
  readonly name: string;
  /** Which entries are news here; asked before the line is. */
  select(
    reader: Reader,
    entries: readonly StreamEntry[],
  ): Promise<{ readonly wanted: readonly StreamEntry[]; readonly settled: readonly StreamEntry[] }>;
  /** The content of some entries, in batches that suit the line; every entry is answered, or named as missing. */
  fetch(
    connection: ParentConnection,
    entries: readonly StreamEntry[],
    signal: AbortSignal,
  ): AsyncIterable<Fetched<StreamEntry, Content>>;
  /**
   * Takes a batch in, in the transaction that also moves the marker. A batch can come again after a cut, and must then
   * change nothing.
   */
  take(tx: Transaction, batch: Fetched<StreamEntry, Content>): Promise<void>;
  /** Told when the parent's history is another one, in the transaction that gives the marker up. */
  forgetHistory(tx: Transaction): Promise<void>;
}
