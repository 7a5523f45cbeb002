import { type Database, type Migration, sql, type Transaction } from "@tributary/database";
import type { Random } from "@tributary/kernel";
import type { EventDraft } from "../src/outbox/event-draft.ts";
import type { Outbox } from "../src/outbox/outbox.ts";

/**
 * A business of its own beside the events: every change bumps the version of the beds that it concerns. What the log
 * must hold can therefore be told without looking at anything that the events package wrote.
 */
export const wardMigrations: readonly Migration[] = [
  {
    id: "ward/1-beds",
    statements: ({ bigint, identity }) => [
      `create table beds (bed ${bigint} primary key, version ${bigint} not null)`,
      `create table visits (id ${identity}, bed ${bigint} not null)`,
    ],
  },
];

const addVisit = sql("insert into visits (bed) values ($1)");
const bumpBed = sql(`
  insert into beds (bed, version)
  values ($1, 1)
  on conflict (bed) do update set version = beds.version + 1
  returning version`);
const readBeds = sql("select bed, version from beds order by bed");

/** Few enough that writers meet at them all the time. */
const bedCount = 20;

/** The category that the events of a bed appear in; both spellings are one feed. */
const categories = ["Bed-Assignment", "bed-assignment", "visit"] as const;

/** Thrown by one change in ten, when everything but the commit has been done. */
export class ChangeOfMind extends Error {}

/**
 * One business transaction over one to three beds: now and then it undoes a savepoint, and now and then all of it.
 *
 * The visit is written before the bed is locked: where order is taken from transaction numbers, that breaks it.
 */
export async function assignBeds(database: Database, outbox: Outbox, random: Random): Promise<number> {
  const beds = pickBeds(random);
  await database.transaction(async (tx) => {
    for (const bed of beds) await tx.run(addVisit, [bed]);
    for (const bed of beds) await announce(tx, outbox, bed);
    if (random.next() < 0.1) {
      await tx
        .savepoint(async (inner) => {
          await announce(inner, outbox, beds[0]!);
          throw new ChangeOfMind();
        })
        .catch(() => {});
    }
    if (random.next() < 0.1) throw new ChangeOfMind();
  });
  return beds.length;
}

/** How often each bed was changed by a transaction that committed. */
export async function readVersions(database: Database): Promise<Map<string, number>> {
  const rows = await database.all<{ bed: number; version: number }>(readBeds);
  return new Map(rows.map(({ bed, version }) => [`Bed/${bed}`, version]));
}

async function announce(tx: Transaction, outbox: Outbox, bed: number): Promise<void> {
  const { version } = (await tx.first<{ version: number }>(bumpBed, [bed]))!;
  outbox.append(tx, draftOf(bed, version));
}

function draftOf(bed: number, version: number): EventDraft {
  return {
    eventType: "bed.assigned",
    category: categories[bed % categories.length]!,
    title: "Bed-Assignment",
    content: `/beds/${bed}/${version}`,
    orderKey: `Bed/${bed}`,
    streams: ["everything"],
    entity: { type: "Bed", id: String(bed) },
    version,
  };
}

/** In ascending order, so that the business itself does not deadlock. */
function pickBeds(random: Random): number[] {
  const beds = Array.from({ length: 1 + Math.floor(random.next() * 3) }, () => Math.floor(random.next() * bedCount));
  return [...new Set(beds)].toSorted((a, b) => a - b);
}
