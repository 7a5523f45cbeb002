import { type Reader, sql, type Transaction } from "@tributary/database";
import type { Verification } from "./verify-with-parent.ts";

/** What the last comparison with the parent said, and when both were last found alike. */
export interface KeptVerification {
  /** Milliseconds since 1970. */
  readonly verifiedAt: number;
  readonly outcome: Verification["outcome"];
  readonly records: number;
  readonly differences: number;
  readonly waiting: number;
  readonly repaired: number;
  readonly identicalAt: number | null;
}

const putOne = sql(`
  insert into link_verifications
    (parent, verified_at, outcome, records, differences, waiting, repaired, identical_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict (parent) do update set
    verified_at = excluded.verified_at, outcome = excluded.outcome, records = excluded.records,
    differences = excluded.differences, waiting = excluded.waiting, repaired = excluded.repaired,
    identical_at = coalesce(excluded.identical_at, link_verifications.identical_at)`);
const readOne = sql(`
  select verified_at as "verifiedAt", outcome, records, differences, waiting, repaired, identical_at as "identicalAt"
  from link_verifications where parent = $1`);

export async function putVerification(
  tx: Transaction,
  parent: string,
  { outcome, records, differences, waiting }: Verification,
  repaired: number,
  now: number,
): Promise<void> {
  const identicalAt = outcome === "identical" ? now : null;
  await tx.run(putOne, [parent, now, outcome, records, differences.length, waiting, repaired, identicalAt]);
}

/** The last comparison with a parent, or `undefined` when there was none. */
export function readVerification(reader: Reader, parent: string): Promise<KeptVerification | undefined> {
  return reader.first<KeptVerification>(readOne, [parent]);
}
