import { type Reader, sql, type Transaction } from "@tributary/database";

/** What a client asks to have written into files. */
export interface ExportRequest {
  /** The Group of FHIR, or the catchment, whose patients it is about. */
  readonly group: string;
  /** The whole address of the request, which the manifest repeats. */
  readonly requestUrl: string;
  /** The resource types wanted; `null` for all. */
  readonly types: readonly string[] | null;
  /** Only what has changed since, in milliseconds since 1970; `null` for everything. */
  readonly since: number | null;
  readonly requestedBy: string;
}

/** One file of an export: compressed NDJSON of one type, or what was deleted, as Bundles. */
export interface ExportedFile {
  readonly kind: "output" | "deleted";
  readonly type: string;
  readonly name: string;
  readonly records: number;
}

/** An export as it stands: `waiting` until its files are written, then `ready`, or `failed`. */
export interface BulkExport extends ExportRequest {
  readonly exportId: string;
  readonly requestedAt: number;
  readonly state: "waiting" | "ready" | "failed";
  /** Everything that was committed until then is in the files, in milliseconds since 1970. */
  readonly transactionTime: number | null;
  readonly files: readonly ExportedFile[];
  /** When the files are taken away; `null` while they are being written. */
  readonly expiresAt: number | null;
}

interface ExportRow {
  readonly export_id: string;
  readonly group_name: string;
  readonly request_url: string;
  readonly resource_types: string | null;
  readonly since: number | null;
  readonly requested_by: string;
  readonly requested_at: number;
  readonly state: BulkExport["state"];
  readonly transaction_time: number | null;
  readonly files: string | null;
  readonly expires_at: number | null;
}

const columns = `export_id, group_name, request_url, resource_types, since, requested_by, requested_at, state,
  transaction_time, files, expires_at`;
const readOne = sql(`select ${columns} from bulk_exports where export_id = $1`);
const readAll = sql(`select ${columns} from bulk_exports order by requested_at, export_id`);
const putOne = sql(`
  insert into bulk_exports (export_id, group_name, request_url, resource_types, since, requested_by, requested_at, state)
  values ($1, $2, $3, $4, $5, $6, $7, 'waiting')`);
const endOne = sql(`
  update bulk_exports set state = $2, transaction_time = $3, files = $4, expires_at = $5
  where export_id = $1 and state = 'waiting'`);
const dropOne = sql("delete from bulk_exports where export_id = $1");

export async function readBulkExport(reader: Reader, exportId: string): Promise<BulkExport | undefined> {
  const row = await reader.first<ExportRow>(readOne, [exportId]);
  return row && exportOf(row);
}

/** Every export that is kept, the oldest first. */
export async function listBulkExports(reader: Reader): Promise<BulkExport[]> {
  return (await reader.all<ExportRow>(readAll)).map(exportOf);
}

/** Keeps a new export, whose files are yet to be written. */
export async function putBulkExport(
  tx: Transaction,
  exportId: string,
  { group, requestUrl, types, since, requestedBy }: ExportRequest,
  now: number,
): Promise<void> {
  const wanted = types && JSON.stringify(types);
  await tx.run(putOne, [exportId, group, requestUrl, wanted, since, requestedBy, now]);
}

/** Notes how the writing of an export ended; nothing when it was cancelled meanwhile. */
export async function endBulkExport(
  tx: Transaction,
  exportId: string,
  { state, transactionTime, files, expiresAt }: Pick<BulkExport, "state" | "transactionTime" | "files" | "expiresAt">,
): Promise<void> {
  await tx.run(endOne, [exportId, state, transactionTime, JSON.stringify(files), expiresAt]);
}

export async function dropBulkExport(tx: Transaction, exportId: string): Promise<void> {
  await tx.run(dropOne, [exportId]);
}

function exportOf(row: ExportRow): BulkExport {
  return {
    exportId: row.export_id,
    group: row.group_name,
    requestUrl: row.request_url,
    types: row.resource_types === null ? null : (JSON.parse(row.resource_types) as string[]),
    since: row.since,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    state: row.state,
    transactionTime: row.transaction_time,
    files: row.files === null ? [] : (JSON.parse(row.files) as ExportedFile[]),
    expiresAt: row.expires_at,
  };
}
