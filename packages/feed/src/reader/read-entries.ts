import { type Reader, sql, type Transaction } from "@tributary/database";
import type { Subscription } from "./subscription.ts";

const insertEntry = sql(`
  insert into read_entries (consumer, feed_uri, entry_id, read_at)
  values ($1, $2, $3, $4)
  on conflict (consumer, feed_uri, entry_id) do nothing`);
const selectEntry = sql(`
  select 1 as found from read_entries where consumer = $1 and feed_uri = $2 and entry_id = $3`);
const selectEntries = sql(`
  select entry_id as "entryId" from read_entries where consumer = $1 and feed_uri = $2 order by read_order desc limit $3`);
const forgetOlder = sql(`
  delete from read_entries
  where consumer = $1 and feed_uri = $2
    and read_order <= (
      select read_order from read_entries
      where consumer = $1 and feed_uri = $2
      order by read_order desc
      limit 1 offset $3)`);

/** The entries by which a subscription recognises what it has read: about twice the longest working page. */
export const rememberedEntriesMax = 2_000;
/** Old entries are forgotten in batches; one by one would double the statements of every event. */
const forgetEvery = 250;

/** Remembers which entries a subscription has read, in the transaction that read them. */
export class ReadEntries {
  readonly #subscription: Subscription;
  #sinceForgetting = 0;

  constructor(subscription: Subscription) {
    this.#subscription = subscription;
  }

  /** Notes an entry and when it was dealt with; `false` when it was noted before, and so must not be processed again. */
  async add(tx: Transaction, entryId: string, now: number): Promise<boolean> {
    const { consumer, feedUri } = this.#subscription;
    const isNew = (await tx.run(insertEntry, [consumer, feedUri, entryId, now])) === 1;
    this.#sinceForgetting += 1;
    if (this.#sinceForgetting >= forgetEvery) {
      this.#sinceForgetting = 0;
      await tx.run(forgetOlder, [consumer, feedUri, rememberedEntriesMax]);
    }
    return isNew;
  }

  async has(reader: Reader, entryId: string): Promise<boolean> {
    const { consumer, feedUri } = this.#subscription;
    return (await reader.first(selectEntry, [consumer, feedUri, entryId])) !== undefined;
  }

  async all(reader: Reader): Promise<ReadonlySet<string>> {
    const { consumer, feedUri } = this.#subscription;
    const rows = await reader.all<{ entryId: string }>(selectEntries, [
      consumer,
      feedUri,
      rememberedEntriesMax + forgetEvery,
    ]);
    return new Set(rows.map(({ entryId }) => entryId));
  }
}
