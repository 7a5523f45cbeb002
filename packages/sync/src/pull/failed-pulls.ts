import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";
import { type BackoffPlan, nextDelay, type Random } from "@tributary/kernel";

/** Why a record could not be taken in. */
export type FailedPullReason =
  /** It was edited here, and the edit has not reached the parent. */
  | "edited-here"
  /** The parent announced it and then did not have it. */
  | "missing-at-parent"
  /** It changed here between being compared and being taken in. */
  | "changed-meanwhile"
  /** The store could not take it. */
  | "not-applicable";

/** A record of the parent that waits; everything else goes on. */
export interface FailedPull {
  readonly type: string;
  readonly id: string;
  readonly remoteVersion: number;
  readonly reason: FailedPullReason;
  readonly attempts: number;
  /** Milliseconds since 1970. */
  readonly firstFailedAt: number;
  readonly lastFailedAt: number;
  readonly nextAttemptAt: number;
}

interface FailedRow {
  readonly type: string;
  readonly id: string;
  readonly remote_version: number;
  readonly reason: string;
  readonly attempts: number;
  readonly first_failed_at: number;
  readonly last_failed_at: number;
  readonly next_attempt_at: number;
}

/** Between one minute and an hour: what makes a record fail seldom mends itself faster. */
const retryBackoff: BackoffPlan = { firstMs: 60_000, maximumMs: 3_600_000 };
/** Failed records tried again in one round, so that they never crowd out what is new. */
const retriesPerRound = 100;

const columns = "type, id, remote_version, reason, attempts, first_failed_at, last_failed_at, next_attempt_at";
// What failed in the future failed under a clock that has been set back since: it must not wait for that time to come.
const readDue = sql(
  `select ${columns} from failed_pulls
   where link = $1 and (next_attempt_at <= $2 or last_failed_at > $2)
   order by next_attempt_at limit ${retriesPerRound}`,
);
const readSome = sql(
  `select ${columns} from failed_pulls where link = $1 and (type, id) > ($2, $3) order by type, id limit $4`,
);
const readOne = sql(`select ${columns} from failed_pulls where link = $1 and type = $2 and id = $3`);
const readReasons = sql({
  sqlite: `
    select failed.type, failed.id, failed.reason
    from json_each($2) as asked
    cross join failed_pulls as failed
      on failed.link = $1 and failed.type = asked.value ->> 0 and failed.id = asked.value ->> 1`,
  postgres: `
    select failed.type, failed.id, failed.reason
    from json_array_elements($2::json) as asked (value)
    join failed_pulls as failed
      on failed.link = $1 and failed.type = asked.value ->> 0 and failed.id = asked.value ->> 1`,
});
const readNamed = sql({
  sqlite: `
    select ${columns} from failed_pulls
    where link = $1 and (type, id) in (select value ->> 0, value ->> 1 from json_each($2))`,
  postgres: `
    select ${columns} from failed_pulls
    where link = $1 and (type, id) in (select value ->> 0, value ->> 1 from json_array_elements($2::json))`,
});
const findAny = sql("select 1 as found from failed_pulls where link = $1 limit 1");
const makeDue = sql("update failed_pulls set next_attempt_at = $4 where link = $1 and type = $2 and id = $3");
const countAll = sql("select count(*) as n from failed_pulls where link = $1");
const readAttempts = sql("select attempts from failed_pulls where link = $1 and type = $2 and id = $3");
const putFailures = bulkInsert(
  "failed_pulls",
  {
    link: "text",
    type: "text",
    id: "text",
    remote_version: "bigint",
    reason: "text",
    attempts: "integer",
    first_failed_at: "bigint",
    last_failed_at: "bigint",
    next_attempt_at: "bigint",
  },
  `on conflict (link, type, id) do update set
     remote_version = excluded.remote_version, reason = excluded.reason, attempts = excluded.attempts,
     last_failed_at = excluded.last_failed_at, next_attempt_at = excluded.next_attempt_at`,
);
const forget = sql({
  sqlite: `delete from failed_pulls where link = $1 and (type, id) in
             (select value ->> 0, value ->> 1 from json_each($2))`,
  postgres: `delete from failed_pulls where link = $1 and (type, id) in
               (select value ->> 0, value ->> 1 from json_array_elements($2::json))`,
});
const forgetMissing = sql("delete from failed_pulls where link = $1 and reason = 'missing-at-parent'");
const forgetUpTo = sql({
  sqlite: `delete from failed_pulls where link = $1 and (type, id) in (
             select failed.type, failed.id
             from json_each($2) as base
             cross join failed_pulls as failed
               on failed.link = $1 and failed.type = base.value ->> 0 and failed.id = base.value ->> 1
             where failed.remote_version <= base.value ->> 2)`,
  postgres: `delete from failed_pulls as failed
             using json_array_elements($2::json) as base
             where failed.link = $1 and failed.type = base.value ->> 0 and failed.id = base.value ->> 1
               and failed.remote_version <= (base.value ->> 2)::bigint`,
});

/** The records whose next attempt is due, the longest waiting first. */
export async function readDueFailedPulls(reader: Reader, link: string, now: number): Promise<FailedPull[]> {
  return (await reader.all<FailedRow>(readDue, [link, now])).map(failedPullOf);
}

/** The records that wait behind `after`, by type and id; from the first when there is none. */
export async function listFailedPulls(
  reader: Reader,
  link: string,
  after: { readonly type: string; readonly id: string } | undefined,
  limit: number,
): Promise<FailedPull[]> {
  const rows = await reader.all<FailedRow>(readSome, [link, after?.type ?? "", after?.id ?? "", limit]);
  return rows.map(failedPullOf);
}

export async function findFailedPull(
  reader: Reader,
  link: string,
  { type, id }: { readonly type: string; readonly id: string },
): Promise<FailedPull | undefined> {
  const row = await reader.first<FailedRow>(readOne, [link, type, id]);
  return row && failedPullOf(row);
}

/** Those of some records that wait. */
export async function readFailedPulls(
  reader: Reader,
  link: string,
  records: readonly { readonly type: string; readonly id: string }[],
): Promise<FailedPull[]> {
  const asked = JSON.stringify(records.map(({ type, id }) => [type, id]));
  return (await reader.all<FailedRow>(readNamed, [link, asked])).map(failedPullOf);
}

/** Why some records could not be taken in, by `Type/id`; those that wait for nothing are absent. */
export async function readFailedPullsOf(
  reader: Reader,
  link: string,
  records: readonly { readonly type: string; readonly id: string }[],
): Promise<ReadonlyMap<string, FailedPullReason>> {
  const asked = JSON.stringify(records.map(({ type, id }) => [type, id]));
  const rows = await reader.all<Pick<FailedRow, "type" | "id" | "reason">>(readReasons, [link, asked]);
  return new Map(rows.map(({ type, id, reason }) => [`${type}/${id}`, reason as FailedPullReason]));
}

/** Lets the next pull try a record again, whatever its next attempt was set to. */
export async function makeFailedPullDue(
  tx: Transaction,
  link: string,
  { type, id }: { readonly type: string; readonly id: string },
  now: number,
): Promise<void> {
  await tx.run(makeDue, [link, type, id, now]);
}

/** How many records of a link wait. */
export async function countFailedPulls(reader: Reader, link: string): Promise<number> {
  return (await reader.first<{ n: number }>(countAll, [link]))?.n ?? 0;
}

/** Notes that a record could not be taken in, and when to try again: later each time. */
export async function noteFailedPull(
  tx: Transaction,
  link: string,
  failure: Pick<FailedPull, "type" | "id" | "remoteVersion" | "reason">,
  now: number,
  random: Random,
): Promise<void> {
  const { type, id } = failure;
  const before = await tx.first<{ attempts: number }>(readAttempts, [link, type, id]);
  const attempts = (before?.attempts ?? 0) + 1;
  const nextAttemptAt = now + nextDelay(attempts, retryBackoff, random);
  await putFailures(tx, [[link, type, id, failure.remoteVersion, failure.reason, attempts, now, now, nextAttemptAt]]);
}

/** Strikes records off the list, since they have been taken in. */
export async function forgetFailedPulls(
  tx: Transaction,
  link: string,
  records: readonly { readonly type: string; readonly id: string }[],
): Promise<void> {
  // Mostly nothing waits, and what has come need not be looked up one by one.
  if (records.length === 0 || !(await tx.first(findAny, [link]))) return;
  await tx.run(forget, [link, JSON.stringify(records.map(({ type, id }) => [type, id]))]);
}

/** Strikes off what a parent announced and did not have, once it has another history: what of it exists is announced in that. */
export async function forgetMissingPulls(tx: Transaction, link: string): Promise<void> {
  await tx.run(forgetMissing, [link]);
}

/** Strikes off what waited for a version that both ends agree on by now, or for an earlier one. */
export async function forgetSettledPulls(
  tx: Transaction,
  link: string,
  bases: readonly { readonly type: string; readonly id: string; readonly remoteVersion: number }[],
): Promise<void> {
  const agreed = bases.map(({ type, id, remoteVersion }) => [type, id, remoteVersion]);
  if (agreed.length > 0) await tx.run(forgetUpTo, [link, JSON.stringify(agreed)]);
}

function failedPullOf(row: FailedRow): FailedPull {
  return {
    type: row.type,
    id: row.id,
    remoteVersion: row.remote_version,
    reason: row.reason as FailedPullReason,
    attempts: row.attempts,
    firstFailedAt: row.first_failed_at,
    lastFailedAt: row.last_failed_at,
    nextAttemptAt: row.next_attempt_at,
  };
}
