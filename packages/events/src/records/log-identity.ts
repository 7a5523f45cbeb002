import { type Reader, sql, type Transaction } from "@tributary/database";
import { assert } from "@tributary/kernel";

/** Tells whether the positions that a reader remembers still mean the same records. */
export interface LogIdentity {
  /** Names this log; a new database has a new one. */
  readonly logId: string;
  /** Changes whenever positions may have been given a second time: after a restore or a rebuild. */
  readonly epoch: string;
}

const readIdentity = sql('select log_id as "logId", epoch from event_sequencer');
const writeEpoch = sql("update event_sequencer set epoch = $1");

/** Reads which log this is, and in which epoch; positions mean something only together with both. */
export async function readLogIdentity(reader: Reader): Promise<LogIdentity> {
  const identity = await reader.first<LogIdentity>(readIdentity);
  assert(identity, "the sequencer's row is made together with its table");
  return { logId: identity.logId, epoch: identity.epoch };
}

/**
 * Declares that records after this moment may carry positions that readers have seen on other records. Call it after
 * restoring a backup, with an epoch that has never been used (a new UUID).
 */
export async function beginEpoch(tx: Transaction, epoch: string): Promise<void> {
  await tx.run(writeEpoch, [epoch]);
}
