import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, tellMore } from "./list-query.ts";
import { patientNamed } from "./patient-named.ts";
import { textTable } from "./text-table.ts";

/** How long the records may take to come over a slow line. */
const withinMs = 600_000;

export interface FetchGuestOptions extends AdminOptions {
  readonly purpose: string;
  readonly days: string;
  readonly json?: boolean;
}

export interface ListGuestsOptions
  extends AdminOptions,
    ListOptions<"keptUntil" | "fetchedAt" | "patient" | "purpose"> {
  readonly json?: boolean;
}

/** `tributary guest fetch`: has the records of a patient of elsewhere for a while; it needs the line to the parent. */
export async function fetchGuest(reference: string, options: FetchGuestOptions, terminal: Terminal): Promise<void> {
  const patient = patientNamed(reference);
  const body = { patient, purpose: options.purpose, days: Number(options.days) || 0 };
  await using admin = await openAdmin(options, terminal);
  const guest = await admin.ask("POST /guests", { body, signal: AbortSignal.timeout(withinMs) });
  if (options.json) return terminal.print(losslessJson(guest));
  terminal.print(`Patient/${patient} is here until ${new Date(guest.keptUntil).toISOString()}, and is purged then.`);
}

/** `tributary guest list`: the patients of elsewhere whose records are here. */
export async function showGuests(options: ListGuestsOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const page = await admin.ask("GET /guests", { query: listQueryOf(options) });
  if (options.json) return terminal.print(losslessJson(page));
  if (page.items.length === 0) return terminal.print("No guests.");
  const time = (at: number) => new Date(at).toISOString();
  terminal.print(
    textTable(
      ["PATIENT", "PURPOSE", "SINCE", "UNTIL"],
      page.items.map((one) => [one.patient, one.purpose, time(one.fetchedAt), time(one.keptUntil)]),
    ),
  );
  tellMore(page, terminal);
}
