import { type Database, migrate } from "@tributary/database";
import { seededRandom, systemClock } from "@tributary/kernel";
import { eventsMigrations } from "../src/migrations.ts";
import type { EventDraft } from "../src/outbox/event-draft.ts";
import { Outbox } from "../src/outbox/outbox.ts";
import type { EventRecord } from "../src/records/event-record.ts";
import { readRecordsAfter } from "../src/records/read-records.ts";
import { moveBatchMax, moveQueuedEvents } from "../src/sequencer/move-queued-events.ts";

/** Makes the tables of events in an empty database, and an outbox that writes to them. */
export async function setUpEvents(database: Database, random = seededRandom(1)): Promise<Outbox> {
  await migrate(database, eventsMigrations);
  return new Outbox({ clock: systemClock, random });
}

/** Appends events in one transaction and gives them their positions. */
export async function publishAll(database: Database, outbox: Outbox, drafts: readonly EventDraft[]): Promise<void> {
  await database.transaction(async (tx) => {
    for (const draft of drafts) outbox.append(tx, draft);
  });
  await moveAllQueuedEvents(database);
}

/** Empties the queue: what has been committed can then be read, on either database. */
export async function moveAllQueuedEvents(database: Database): Promise<void> {
  while ((await moveQueuedEvents(database)) === moveBatchMax);
}

/** The whole log, in order. */
export async function readWholeLog(database: Database): Promise<EventRecord[]> {
  return readRecordsAfter(database, 0, 1_000_000);
}
