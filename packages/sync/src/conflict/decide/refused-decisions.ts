import { type Reader, sql, type Transaction } from "@tributary/database";
import type { ResourceKey } from "@tributary/fhir";
import type { Decision } from "./decision.ts";

/**
 * A decision that the parent did not take from this node, since nobody here speaks for the node at which it was made; or
 * that it is not told, since the edit that says what was decided was discarded.
 */
export interface RefusedDecision {
  readonly decisionId: string;
  readonly conflictId: string;
  /** The record that the conflict is about. */
  readonly type: string;
  readonly id: string;
  readonly kind: Decision["kind"];
  /** Who decided, where and when. */
  readonly by: string;
  readonly node: string;
  readonly at: number;
  readonly reason: "forbidden" | "edit-discarded";
  /** `null` when it was not noted. */
  readonly refusedAt: number | null;
}

const columns = `decision_id as "decisionId", conflict_id as "conflictId", type, id, kind, decided_by as "by", node,
  decided_at as "at", refused_reason as "reason", refused_at as "refusedAt"`;
// By name, which begins with the time at which it was made.
const readSome = sql(`
  select ${columns} from conflict_decisions
  where parent = $1 and refused_reason is not null and decision_id > $2 order by decision_id limit $3`);
const readOne = sql(`
  select ${columns} from conflict_decisions where parent = $1 and refused_reason is not null and decision_id = $2`);
const readNamed = sql({
  sqlite: `
    select ${columns} from conflict_decisions
    where parent = $1 and refused_reason is not null and decision_id in (select value from json_each($2))`,
  postgres: `
    select ${columns} from conflict_decisions
    where parent = $1 and refused_reason is not null
      and decision_id in (select json_array_elements_text($2::json))`,
});
const readOfConflict = sql(`
  select ${columns} from conflict_decisions
  where conflict_id = $1 and refused_reason is not null order by decision_id`);
const readLatest = sql(`
  select ${columns} from conflict_decisions where refused_reason is not null order by decision_id desc limit $1`);
const countSome = sql("select count(*) as n from conflict_decisions where parent = $1 and refused_reason is not null");
const refuseOne = sql(`
  update conflict_decisions set refused_reason = $2, refused_at = $3 where decision_id = $1`);
const refuseDiscarded = sql({
  sqlite: `
    update conflict_decisions set refused_reason = 'edit-discarded', refused_at = $3
    where parent = $1 and refused_reason is null and exists (
      select 1 from json_each($2) as k
      where k.value ->> 0 = conflict_decisions.type and k.value ->> 1 = conflict_decisions.id
        and k.value ->> 2 = conflict_decisions.version)`,
  postgres: `
    update conflict_decisions set refused_reason = 'edit-discarded', refused_at = $3
    where parent = $1 and refused_reason is null and exists (
      select 1 from json_array_elements($2::json) k (value)
      where k.value ->> 0 = conflict_decisions.type and k.value ->> 1 = conflict_decisions.id
        and (k.value ->> 2)::bigint = conflict_decisions.version)`,
});
const releaseOne = sql(`
  update conflict_decisions set refused_reason = null, refused_at = null where decision_id = $1`);

/** Keeps a decision that the parent refused; it is not sent again until somebody says so. */
export async function keepRefusedDecision(
  tx: Transaction,
  decisionId: string,
  reason: RefusedDecision["reason"],
  now: number,
): Promise<void> {
  await tx.run(refuseOne, [decisionId, reason, now]);
}

/** Sets the decisions aside that some versions say, which are discarded: the parent does not get them. */
export async function setAsideDecisionsOf(
  tx: Transaction,
  parent: string,
  discarded: readonly (ResourceKey & { readonly version: number })[],
  now: number,
): Promise<void> {
  await tx.run(refuseDiscarded, [
    parent,
    JSON.stringify(discarded.map(({ type, id, version }) => [type, id, version])),
    now,
  ]);
}

/** Has a decision that was refused sent again. */
export async function releaseDecision(tx: Transaction, decisionId: string): Promise<void> {
  await tx.run(releaseOne, [decisionId]);
}

/** The decisions that a parent refused, behind a name, the older ones first. */
export function listRefusedDecisions(
  reader: Reader,
  parent: string,
  after: string,
  limit: number,
): Promise<RefusedDecision[]> {
  return reader.all<RefusedDecision>(readSome, [parent, after, limit]);
}

export function findRefusedDecision(
  reader: Reader,
  parent: string,
  decisionId: string,
): Promise<RefusedDecision | undefined> {
  return reader.first<RefusedDecision>(readOne, [parent, decisionId]);
}

/** Those of some decisions that a parent refused. */
export function readRefusedDecisions(
  reader: Reader,
  parent: string,
  decisionIds: readonly string[],
): Promise<RefusedDecision[]> {
  return reader.all<RefusedDecision>(readNamed, [parent, JSON.stringify(decisionIds)]);
}

/** What was decided here about one conflict and refused by the parent, the older decisions first. */
export function listRefusedDecisionsOf(reader: Reader, conflictId: string): Promise<RefusedDecision[]> {
  return reader.all<RefusedDecision>(readOfConflict, [conflictId]);
}

/** The latest decisions that any parent refused, for whoever looks at several conflicts at once. */
export function listLatestRefusedDecisions(reader: Reader, limit: number): Promise<RefusedDecision[]> {
  return reader.all<RefusedDecision>(readLatest, [limit]);
}

/** How many decisions a parent refused. */
export async function countRefusedDecisions(reader: Reader, parent: string): Promise<number> {
  return (await reader.first<{ n: number }>(countSome, [parent]))?.n ?? 0;
}
