import { parseReference } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { guestDaysMax, isPurpose, listGuests } from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { openDatabaseAt, openNodeAt } from "./node-at.ts";
import { operatorOf } from "./operator.ts";
import { textTable } from "./text-table.ts";

const listedMax = 500;

export interface FetchGuestOptions {
  readonly dir: string;
  readonly purpose: string;
  readonly days: string;
  readonly as?: string;
  readonly json?: boolean;
}

/** `tributary guest fetch`: has the records of a patient of elsewhere for a while; it needs the line to the parent. */
export async function fetchGuest(reference: string, options: FetchGuestOptions, terminal: Terminal): Promise<void> {
  const key = parseReference(reference);
  const days = Number(options.days);
  if (key?.type !== "Patient") throw misuse("Name the patient, for example Patient/123.");
  if (!isPurpose(options.purpose)) throw misuse("--purpose is a word, for example --purpose emergency.");
  if (!(days >= 1 && days <= guestDaysMax)) throw misuse(`--days is a number from 1 to ${guestDaysMax}.`);
  await using node = await openNodeAt(options.dir, terminal);
  await using synchronizer = await node.openSynchronizer();
  const { author } = operatorOf(node.id, options.as, terminal);
  const request = { patient: key.id, purpose: options.purpose, days };
  const guest = await synchronizer.fetchGuestOnce(request, author, AbortSignal.timeout(600_000));
  if (options.json) return terminal.print(JSON.stringify(guest));
  terminal.print(`Patient/${key.id} is here until ${new Date(guest.keptUntil).toISOString()}, and is purged then.`);
}

/** `tributary guest list`: the patients of elsewhere whose records are here. */
export async function showGuests(
  { dir, json }: { readonly dir: string; readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const guests = await listGuests(database, listedMax);
  if (json) return terminal.print(JSON.stringify(guests));
  if (guests.length === 0) return terminal.print("No guests.");
  const time = (at: number) => new Date(at).toISOString();
  terminal.print(
    textTable(
      ["PATIENT", "PURPOSE", "SINCE", "UNTIL"],
      guests.map(({ patient, purpose, fetchedAt, keptUntil }) => [patient, purpose, time(fetchedAt), time(keptUntil)]),
    ),
  );
}

function misuse(sentence: string): TributaryError {
  return new TributaryError("CONFIG_INVALID", sentence);
}
