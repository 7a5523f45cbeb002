import { bulkInsert, type Database, type Reader, sql, type Transaction } from "@tributary/database";
import { allFeed, readFeedHead } from "@tributary/events";
import { type Logger, TributaryError } from "@tributary/kernel";
import type { PageCut } from "./page-arithmetic.ts";
import { planPages } from "./page-plan.ts";

interface ChunkRow {
  readonly is_followed: number;
  readonly chunk_length: number;
  readonly start: number;
}

const readChunks = sql(`
  select 0 as is_followed, id as row_order, chunk_length, start from chunking_history
  union all
  select 1, start, chunk_length, start from chunking_followed
  order by 1, 2`);
const lockFollowed = sql({
  sqlite: "select 1 where 0",
  postgres: "select pg_advisory_xact_lock(hashtext('tributary chunking_followed'))",
});
const forgetFollowed = sql("delete from chunking_followed where start > $1");
const addConfigured = sql("insert into chunking_history (chunk_length, start) values ($1, $2)");
const addFollowed = bulkInsert(
  "chunking_followed",
  { start: "bigint", chunk_length: "bigint" },
  "on conflict do nothing",
);

/**
 * Tells how pages are cut. The rows of `chunking_history` are read on every call, so that a row added while the node
 * runs is followed without a restart; what has been followed is kept beside them, so that a page never changes.
 *
 * A row that is not followed is reported once.
 */
export class ChunkingHistory {
  readonly #database: Database;
  readonly #logger: Logger;
  readonly #reported = new Set<string>();

  constructor(database: Database, logger: Logger) {
    this.#database = database;
    this.#logger = logger;
  }

  /** Throws `CONFIG_INVALID` when no row says how to cut. */
  async cuts(): Promise<readonly PageCut[]> {
    const { configured, followed } = await readRows(this.#database);
    if (configured.length > 0 && isSame(configured, followed)) return followed;
    const { cuts, refusals } = planPages(followed, configured, await readFeedHead(this.#database, allFeed));
    this.#report(refusals);
    if (cuts.length === 0) {
      throw new TributaryError(
        "CONFIG_INVALID",
        "Chunking history configuration not set. Put a row such as (5, 1) into chunking_history.",
      );
    }
    return isSame(cuts, followed) ? cuts : this.#database.transaction((tx) => this.#follow(tx));
  }

  async #follow(tx: Transaction): Promise<readonly PageCut[]> {
    await tx.all(lockFollowed);
    const { configured, followed } = await readRows(tx);
    const head = await readFeedHead(tx, allFeed);
    const { cuts } = planPages(followed, configured, head);
    await tx.run(forgetFollowed, [followed.length === 0 ? 0 : head]);
    await addFollowed(
      tx,
      cuts.map(({ start, chunkLength }) => [start, chunkLength]),
    );
    return cuts;
  }

  #report(refusals: readonly string[]): void {
    for (const refusal of refusals) {
      if (this.#reported.has(refusal) || this.#reported.size >= reportsMax) continue;
      this.#reported.add(refusal);
      this.#logger.warn({}, refusal);
    }
  }
}

/**
 * Changes the page size from event `cut.start` on, for every feed. Throws `CONFIG_INVALID`, and changes nothing, when
 * events at or after that place have been announced already.
 *
 * A row that is inserted by other means is followed too, provided that a page is asked for before the events reach it.
 */
export async function addPageCut(tx: Transaction, cut: PageCut): Promise<void> {
  await tx.all(lockFollowed);
  const { configured, followed } = await readRows(tx);
  const head = await readFeedHead(tx, allFeed);
  const { cuts } = planPages(followed, configured, head);
  const wanted = [...cuts, cut].sort((one, other) => one.start - other.start);
  const planned = planPages(cuts, wanted, head);
  const refusal = planned.refusals[0];
  if (refusal !== undefined) throw new TributaryError("CONFIG_INVALID", refusal);
  await tx.run(addConfigured, [cut.chunkLength, cut.start]);
  await tx.run(forgetFollowed, [0]);
  await addFollowed(
    tx,
    planned.cuts.map(({ start, chunkLength }) => [start, chunkLength]),
  );
}

/** A process reports so many rows at most; more are one mistake repeated. */
const reportsMax = 100;

async function readRows(reader: Reader): Promise<{ configured: readonly PageCut[]; followed: readonly PageCut[] }> {
  const rows = await reader.all<ChunkRow>(readChunks);
  const cutsOf = (isFollowed: number) =>
    rows.flatMap((row) =>
      Number(row.is_followed) === isFollowed ? [{ chunkLength: row.chunk_length, start: row.start }] : [],
    );
  return { configured: cutsOf(0), followed: cutsOf(1) };
}

function isSame(cuts: readonly PageCut[], others: readonly PageCut[]): boolean {
  return (
    cuts.length === others.length &&
    cuts.every((cut, n) => cut.start === others[n]?.start && cut.chunkLength === others[n]?.chunkLength)
  );
}
