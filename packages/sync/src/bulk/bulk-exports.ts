import { createReadStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { appendAudit, auditDraft } from "@tributary/audit";
import type { Database, Transaction } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import { type Clock, type Logger, type NodeId, newUuid, type Random, WorkerLoop } from "@tributary/kernel";
import {
  type BulkExport,
  dropBulkExport,
  type ExportRequest,
  endBulkExport,
  listBulkExports,
  putBulkExport,
  readBulkExport,
} from "./bulk-export.ts";
import { exportedGroup } from "./exported-group.ts";
import { storedName } from "./ndjson-files.ts";
import { writeExport } from "./write-export.ts";

/** How long the files of an export are kept: a night in which a client's line is down. */
const keptForMs = 24 * 3_600_000;
/** Exports that wait to be written, and those that are kept: each may take as much disk as the database. */
const waitingMax = 4;
const keptMax = 16;
/** How often a node looks for exports whose time is over. */
const lookEveryMs = 600_000;

export interface BulkExportsOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Where the files stand, a folder an export; it is made when the first is written. */
  readonly folder: string;
}

/** What became of the wish for an export. */
export type KickOff =
  | { readonly kind: "begun"; readonly exportId: string }
  | { readonly kind: "no-such-group" }
  | { readonly kind: "too-many" };

/**
 * The exports that clients have asked for. They are written one after the other by the loop that `run` begins; one that a
 * restart broke off is begun anew. Asking, taking a file and cancelling are entered in the audit trail.
 */
export class BulkExports {
  readonly #options: BulkExportsOptions;
  readonly #progress = new Map<string, number>();
  #writing: { readonly exportId: string; readonly cancel: AbortController } | undefined;
  #loop: WorkerLoop | undefined;

  constructor(options: BulkExportsOptions) {
    this.#options = options;
  }

  /** Begins to write exports, and to take away those whose time is over; disposing of the loop ends it. */
  run(): WorkerLoop {
    this.#loop = new WorkerLoop({
      name: "bulk-exports",
      pollMs: lookEveryMs,
      backoff: { firstMs: 1_000, maximumMs: 60_000 },
      round: (signal) => this.continue(signal),
      ...this.#options,
    });
    return this.#loop;
  }

  /** Asks for an export. */
  async kickOff(request: ExportRequest): Promise<KickOff> {
    const { database, store, clock, random } = this.#options;
    const exportId = newUuid(clock, random);
    const begun = await database.transaction(async (tx): Promise<KickOff> => {
      if (!(await exportedGroup(tx, store, request.group))) return { kind: "no-such-group" };
      const kept = await listBulkExports(tx);
      const waiting = kept.filter(({ state }) => state === "waiting");
      if (waiting.length >= waitingMax || kept.length >= keptMax) return { kind: "too-many" };
      await putBulkExport(tx, exportId, request, clock.now());
      await this.#enter(tx, { ...request, exportId }, request.requestedBy, "export-asked");
      return { kind: "begun", exportId };
    });
    if (begun.kind === "begun") this.#loop?.wake();
    return begun;
  }

  /** How an export stands, and how many records of it have been written; `undefined` when there is none, or no more. */
  async read(exportId: string): Promise<(BulkExport & { readonly recordsWritten: number }) | undefined> {
    const { database, clock } = this.#options;
    const found = await readBulkExport(database, exportId);
    if (!found || isOver(found, clock.now())) return undefined;
    return { ...found, recordsWritten: this.#progress.get(exportId) ?? 0 };
  }

  /** One of its files, compressed with gzip; `undefined` when there is none of that name, or no more. */
  async file(exportId: string, name: string, by: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const found = await this.read(exportId);
    if (!found?.files.some((file) => file.name === name)) return undefined;
    const path = join(this.#folderOf(exportId), storedName(name));
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (!isThere) return undefined;
    await this.#options.database.transaction((tx) => this.#enter(tx, found, by, "export-taken"));
    return createReadStream(path) as AsyncIterable<Uint8Array>;
  }

  /** Ends an export and takes its files away; false when there is none. */
  async cancel(exportId: string, by: string): Promise<boolean> {
    const found = await this.read(exportId);
    if (!found) return false;
    await this.#forget(exportId, (tx) => this.#enter(tx, found, by, "export-cancelled"));
    return true;
  }

  /** Takes away all exports, since somebody was purged of whom they may tell. */
  async forgetAll(): Promise<void> {
    for (const { exportId } of await listBulkExports(this.#options.database)) await this.#forget(exportId);
  }

  /** Takes away what is over, and writes the next export, if there is one. */
  async continue(signal: AbortSignal): Promise<"busy" | "idle"> {
    const { database, clock, logger } = this.#options;
    const kept = await listBulkExports(database);
    for (const one of kept) if (isOver(one, clock.now())) await this.#forget(one.exportId);
    const next = kept.find(({ state }) => state === "waiting");
    if (!next) return "idle";
    const { exportId } = next;
    const cancel = new AbortController();
    this.#writing = { exportId, cancel };
    try {
      await this.#write(next, AbortSignal.any([signal, cancel.signal]));
    } catch (error) {
      if (signal.aborted) return "busy";
      if (cancel.signal.aborted) {
        await rm(this.#folderOf(exportId), { recursive: true, force: true });
        return "busy";
      }
      const err = error instanceof Error ? error : new Error(String(error));
      logger.error({ exportId, err }, "A bulk export could not be written.");
      await rm(this.#folderOf(exportId), { recursive: true, force: true });
      const nothing = { transactionTime: null, files: [], expiresAt: clock.now() + keptForMs };
      await database.transaction((tx) => endBulkExport(tx, exportId, { state: "failed", ...nothing }));
    } finally {
      this.#writing = undefined;
      this.#progress.delete(exportId);
    }
    return "busy";
  }

  async #write(request: BulkExport, signal: AbortSignal): Promise<void> {
    const { database, clock } = this.#options;
    const { exportId } = request;
    const folder = this.#folderOf(exportId);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const onProgress = (records: number) => void this.#progress.set(exportId, records);
    const written = await writeExport(request, { ...this.#options, folder, onProgress }, signal);
    signal.throwIfAborted();
    const { transactionTime = null, files = [] } = written ?? {};
    const state = written ? "ready" : "failed";
    const expiresAt = clock.now() + keptForMs;
    await database.transaction((tx) => endBulkExport(tx, exportId, { state, transactionTime, files, expiresAt }));
  }

  async #forget(exportId: string, also: (tx: Transaction) => Promise<void> = async () => {}): Promise<void> {
    if (this.#writing?.exportId === exportId) this.#writing.cancel.abort();
    await this.#options.database.transaction(async (tx) => {
      await dropBulkExport(tx, exportId);
      await also(tx);
    });
    await rm(this.#folderOf(exportId), { recursive: true, force: true });
  }

  #folderOf(exportId: string): string {
    return join(this.#options.folder, exportId);
  }

  async #enter(tx: Transaction, one: ExportRequest & { exportId: string }, actor: string, outcome: string) {
    const entry = auditDraft({
      at: this.#options.clock.now(),
      actor,
      operation: "manual",
      reference: `Group/${one.group}`,
      operationId: `export:${one.exportId}`,
      outcome,
    });
    await appendAudit(tx, this.#options.nodeId, [entry]);
  }
}

function isOver({ expiresAt }: BulkExport, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}
