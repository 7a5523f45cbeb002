import { type Reader, sql, type Transaction } from "@tributary/database";
import { TributaryError } from "@tributary/kernel";

const begin = sql("insert into unfinished_offers (parent) values ($1) on conflict (parent) do nothing");
const read = sql("select parent from unfinished_offers where parent = $1");
const end = sql("delete from unfinished_offers where parent = $1");

/**
 * Notes that a parent has another history than was read, or that a part of what it has lost is queued, in the transaction that
 * queues it: more may follow.
 */
export async function beginOffer(tx: Transaction, parent: string): Promise<void> {
  await tx.run(begin, [parent]);
}

/** Notes that all that a parent has lost is queued, that it has lost nothing, or that there is nothing more to ask it. */
export async function endOffer(tx: Transaction, parent: string): Promise<void> {
  await tx.run(end, [parent]);
}

/**
 * Throws `EPOCH_CHANGED` while only a part of what a parent has lost is queued, as when the line broke meanwhile: its other
 * history is to be met before anything is sent. Sent in parts, what was made at once would wait for itself.
 */
export async function refuseUnfinishedOffer(reader: Reader, parent: string): Promise<void> {
  if ((await reader.first(read, [parent])) === undefined) return;
  throw new TributaryError("EPOCH_CHANGED", "Not all that the parent has lost is queued yet.", { retryable: true });
}
