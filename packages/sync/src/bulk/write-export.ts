import type { Database, Reader } from "@tributary/database";
import {
  type LivingRecord,
  listDeletedOfPatients,
  listLivingOfPatients,
  listLivingWithoutPatient,
  type ResourceStore,
  referenceTo,
  toReadText,
} from "@tributary/fhir";
import type { Clock } from "@tributary/kernel";
import { readCatchmentState } from "../catchment/catchment-state.ts";
import { collectiveTypes } from "../catchment/metadata-types.ts";
import { everyPage } from "../every-page.ts";
import type { BulkExport, ExportedFile, ExportRequest } from "./bulk-export.ts";
import { type ExportedGroup, exportedGroup } from "./exported-group.ts";
import { NdjsonFiles } from "./ndjson-files.ts";

/** Records, and patients, read at a time: a few milliseconds in which nothing else is answered. */
const pageRecords = 500;
const pagePatients = 100;
/** Deletions that one Bundle tells. */
const bundleEntriesMax = 1_000;
/** A transaction that was open when the export began bears a time before it and is not in it; the next export asks from here. */
const openTransactionsMs = 30_000;

export interface WriteExportOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly clock: Clock;
  /** Where the files are written; it is there, and empty. */
  readonly folder: string;
  /** Told after each page how many records have been written. */
  readonly onProgress: (records: number) => void;
}

/**
 * Writes what an export asks for into files, from one read snapshot of the database: the records of the group's patients,
 * and what every child may have besides (practitioners, places and the like). `undefined` when the group is no more.
 */
export async function writeExport(
  request: ExportRequest,
  { database, store, clock, folder, onProgress }: WriteExportOptions,
  signal: AbortSignal,
): Promise<(Pick<BulkExport, "transactionTime"> & { readonly files: readonly ExportedFile[] }) | undefined> {
  const transactionTime = clock.now() - openTransactionsMs;
  await using files = new NdjsonFiles(folder);
  const isWanted = (type: string) => !collectiveTypes.has(type) && (request.types?.includes(type) ?? true);
  let records = 0;

  async function write(page: readonly LivingRecord[], came: ReadonlySet<string>): Promise<void> {
    for (const { key, version, lastUpdated, body, patient } of page) {
      const isNews = request.since === null || lastUpdated > request.since || came.has(patient ?? "");
      if (!isNews || !isWanted(key.type)) continue;
      await files.append("output", key.type, toReadText(body, { version, lastUpdated }));
      records += 1;
    }
    onProgress(records);
  }

  const isDone = await database.snapshot(async (reader) => {
    const group = await exportedGroup(reader, store, request.group);
    if (!group) return false;
    for await (const page of collectiveRecords(reader, signal)) await write(page, new Set());
    for await (const patients of patientsOf(reader, group, signal)) {
      const came = request.since === null ? [] : await group.cameAfter(reader, patients, request.since);
      await write(await listLivingOfPatients(reader, patients), new Set(came));
      if (request.since === null) continue;
      const deleted = await listDeletedOfPatients(reader, patients, request.since);
      await writeDeletions(
        files,
        deleted.map(referenceTo).filter((name) => isWanted(name.split("/")[0] ?? "")),
      );
    }
    return true;
  });
  return isDone ? { transactionTime, files: await files.finish() } : undefined;
}

/** What belongs to no patient and every child may have. */
async function* collectiveRecords(reader: Reader, signal: AbortSignal): AsyncGenerator<readonly LivingRecord[]> {
  const { metadataTypes } = await readCatchmentState(reader);
  const pages = everyPage<LivingRecord>(pageRecords, (last) => {
    signal.throwIfAborted();
    return listLivingWithoutPatient(reader, last?.key, pageRecords);
  });
  for await (const page of pages) yield page.filter(({ key }) => metadataTypes.has(key.type));
}

function patientsOf(reader: Reader, group: ExportedGroup, signal: AbortSignal): AsyncGenerator<readonly string[]> {
  return everyPage<string>(pagePatients, (last = "") => {
    signal.throwIfAborted();
    return group.patients(reader, last, pagePatients);
  });
}

/** As the guide to bulk data says it: transactions of deletions. */
async function writeDeletions(files: NdjsonFiles, references: readonly string[]): Promise<void> {
  for (let at = 0; at < references.length; at += bundleEntriesMax) {
    const entry = references.slice(at, at + bundleEntriesMax).map((url) => ({ request: { method: "DELETE", url } }));
    await files.append("deleted", "Bundle", JSON.stringify({ resourceType: "Bundle", type: "transaction", entry }));
  }
}
