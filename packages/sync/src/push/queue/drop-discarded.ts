import { sql, type Transaction } from "@tributary/database";

const drop = sql(
  "delete from push_units where parent = $1 and counter = $2 and is_discarded = 1 and rejected_reason is not null",
);

/** Takes a unit out of the queue that somebody has given up and that the parent, as it turns out, has refused. */
export async function dropIfDiscarded(tx: Transaction, parent: string, counter: number): Promise<void> {
  await tx.run(drop, [parent, counter]);
}
