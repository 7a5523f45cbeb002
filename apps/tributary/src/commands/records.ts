import { parseReference } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, type SortOf, tellMore } from "./list-query.ts";
import { textTable } from "./text-table.ts";

export interface FindRecordsOptions extends AdminOptions, Omit<ListOptions<SortOf<"GET /records">>, "find"> {
  readonly json?: boolean;
}

/** `tributary record find`: patients by name, identifier or id, or any record by its reference. */
export async function findRecords(text: string, options: FindRecordsOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const page = await admin.ask("GET /records", { query: { q: text, ...listQueryOf(options) } });
  if (options.json) return terminal.print(losslessJson(page));
  if (page.items.length === 0) return terminal.print("This node has no such record.");
  const rows = page.items.map(({ type, id, version, title, birthDate, gender, identifiers }) => [
    `${type}/${id}`,
    String(version),
    title,
    birthDate ?? "",
    gender ?? "",
    identifiers.join(", "),
  ]);
  terminal.print(textTable(["RECORD", "VERSION", "NAME", "BORN", "GENDER", "IDENTIFIERS"], rows));
  if (page.isCut) terminal.note("More were found than can be sorted; say more of the name.");
  tellMore(page, terminal);
}

export interface ShowRecordOptions extends AdminOptions {
  readonly json?: boolean;
}

/** `tributary record show`: one record as it stands at the node, with what it says, which is what was asked for. */
export async function showRecord(reference: string, options: ShowRecordOptions, terminal: Terminal): Promise<void> {
  const key = parseReference(reference);
  if (!key) throw new TributaryError("CONFIG_INVALID", "Name a record as TYPE/ID, for example Patient/123.");
  await using admin = await openAdmin(options, terminal);
  const { type, id } = key;
  const record = await admin.ask("GET /records/:type/:id", { path: { type, id } });
  if (options.json) return terminal.print(losslessJson(record));
  const { version, lastUpdated, isDeleted, body, openConflicts } = record;
  const state = isDeleted ? "deleted in version" : "version";
  terminal.print(`${type}/${id}, ${state} ${version}, ${new Date(lastUpdated).toISOString()}`);
  if (openConflicts > 0) terminal.print(`Conflicts that wait for a decision: ${openConflicts}`);
  if (body !== null) terminal.print(losslessJson(body));
}
