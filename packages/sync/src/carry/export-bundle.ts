import { appendAudit, sealAuditEntries } from "@tributary/audit";
import { type Database, sql, type Transaction } from "@tributary/database";
import { newUuid, TributaryError } from "@tributary/kernel";
import { readNextSegments } from "../audit-trail/next-segments.ts";
import { writeTrailMessage } from "../audit-trail/trail-message.ts";
import { readFetches } from "../catchment/follow/compartment-fetches.ts";
import { decisionsMax, writeDecisions } from "../conflict/decide/decisions-request.ts";
import { readDueDecisions } from "../conflict/decide/send-decisions.ts";
import { countHeldPulls, readHeldPulls } from "../control/held-pulls.ts";
import { allowsType, everyType, type TypeFilter } from "../control/type-filter.ts";
import { keysWithParent } from "../enrolment/carry-keys.ts";
import { writeInstanceHeader } from "../enrolment/instance-header.ts";
import type { ParentLink } from "../enrolment/parent-link.ts";
import { readDueFailedPulls } from "../pull/failed-pulls.ts";
import { frontOfQueue, packUnits } from "../push/pack-units.ts";
import { pushUnitsMax, writePushBatch } from "../push/push-batch.ts";
import type { PushOptions } from "../push/push-options.ts";
import { unitsToAskAbout, unitsToTakeBack } from "../push/questions.ts";
import { fixUnits } from "../push/queue/fix-units.ts";
import { queueOwnChanges } from "../push/queue/queue-own-changes.ts";
import type { QueuedUnit } from "../push/queue/queued-unit.ts";
import { readHeldUnits, readQueuedUnits } from "../push/queue/read-units.ts";
import { stepOver } from "../push/step-over.ts";
import { strikeGone } from "../push/strike-gone.ts";
import { readSettled } from "../restore/last-settled.ts";
import { readIncarnation } from "../restore/take-new-incarnation.ts";
import type { StreamPlace } from "../stream/stream-place.ts";
import { readTrail } from "../stream/stream-trail.ts";
import { supportedVersions, writeVersionsHeader } from "../versions/version-ranges.ts";
import { type BundleHead, bundleBytesMax } from "./bundle.ts";
import { fitsIntoPart, packPart } from "./bundle-part.ts";
import { carriedAudit } from "./carried-audit.ts";
import { CarriedFileWriter } from "./carried-file.ts";
import { raiseTurn, readTurn } from "./turns.ts";

/** Content of one request: what a parent's transactions deal with in a moment. */
const requestBytes = 1024 * 1024;
/** Characters of the trail in one bundle; what is left goes with the next. */
const trailCharactersMax = 8 * 1024 * 1024;
/** Records and compartments asked for beyond the streams. */
const wantedMax = 5_000;
/** Units looked at for one bundle. */
const unitsMax = 50_000;

export interface ExportBundleOptions extends PushOptions {
  readonly link: ParentLink;
  readonly file: string;
  /** Who does it; entered in the audit trail. */
  readonly author: string;
  /** Names this installation. */
  readonly instance?: string;
  /** Content that the file may carry; what every file may when left out. */
  readonly bytesMax?: number;
  /** Which types are taken in by themselves. */
  readonly pulled?: TypeFilter;
}

/** What was written. */
export interface ExportedBundle {
  readonly parent: string;
  readonly turn: number;
  readonly units: number;
  readonly records: number;
  readonly decisions: number;
  readonly auditEntries: number;
  readonly bytes: number;
  /** Units that wait for the next bundle: behind one of these, or since this one is full. */
  readonly left: number;
}

const readMarkers = sql("select stream, epoch, position, entry_digest from stream_markers where parent = $1");

/**
 * Writes what this child would say to its parent over a line: its units, fixed as if they had been sent, its decisions, its
 * audit trail, and where it stands. All that has no answer yet is said, so that a lost bundle is made up for by the next.
 */
export async function exportBundle(options: ExportBundleOptions, signal: AbortSignal): Promise<ExportedBundle> {
  const { database, nodeId, parent, clock, random, file, author } = options;
  const keys = await keysWithParent(database);
  await queueOwnChanges(database, parent, nodeId, () => newUuid(clock, random).slice(-12));
  while ((await sealAuditEntries(database)) > 0) signal.throwIfAborted();
  const turn = await database.transaction((tx) => nextTurn(tx, parent));
  await using writer = await CarriedFileWriter.create(file, { kind: "bundle", from: nodeId, to: parent }, keys);
  await writer.add(await packPart(await headOf(options, turn)));
  const said = await sayUnits(
    options,
    (body) => packPart({ path: "push" }, body).then((part) => writer.add(part)),
    signal,
  );
  const decisions = await readDueDecisions(options);
  for (let at = 0; at < decisions.length; at += decisionsMax) {
    const some = decisions.slice(at, at + decisionsMax).map(({ decision }) => decision);
    await writer.add(await packPart({ path: "conflicts/decide" }, writeDecisions(some)));
  }
  const trail = await database.snapshot((reader) => readNextSegments(reader, parent, trailCharactersMax));
  let auditEntries = 0;
  if (trail.kind === "segments" && (trail.own || trail.relayed.length > 0)) {
    const segments = [...(trail.own ? [trail.own.segment] : []), ...trail.relayed.map(({ segment }) => segment)];
    auditEntries = segments.reduce((sum, { entries }) => sum + entries.length, 0);
    await writer.add(await packPart({ path: "audit" }, writeTrailMessage(segments)));
  }
  const bytes = await writer.finish();
  const name = `${nodeId}:${turn}`;
  await database.transaction((tx) =>
    appendAudit(tx, nodeId, [
      carriedAudit({ at: clock.now(), actor: author, link: parent, name, outcome: "bundle-exported" }),
    ]),
  );
  return { parent, turn, ...said, decisions: decisions.length, auditEntries, bytes };
}

async function nextTurn(tx: Transaction, parent: string): Promise<number> {
  const turn = (await readTurn(tx, parent, "written")) + 1;
  await raiseTurn(tx, parent, "written", turn);
  return turn;
}

async function headOf(options: ExportBundleOptions, turn: number): Promise<BundleHead> {
  const { database, parent, link, instance } = options;
  const rows = await database.all<{ stream: string; epoch: string; position: number; entry_digest: string | null }>(
    readMarkers,
    [parent],
  );
  const markers = rows.map(({ stream, epoch, position, entry_digest: entryDigest }): [string, StreamPlace] => [
    stream,
    { epoch, position, entryDigest },
  ]);
  const fetches = await readFetches(database, parent, wantedMax);
  return {
    turn,
    versions: writeVersionsHeader(supportedVersions),
    instance:
      instance === undefined ? null : writeInstanceHeader({ instance, ...(await readIncarnation(database, parent)) }),
    stream: link.stream,
    markers: Object.fromEntries(markers),
    trail: (await readTrail(database, parent, link.stream)).map(
      ({ position, entryDigest }) => [position, entryDigest] as const,
    ),
    settled: (await readSettled(database, parent, options.nodeId)) ?? null,
    wanted: await wantedBy(database, options),
    fetches: fetches.map(({ patient, place }) => [patient, place] as const),
  };
}

/** What failed, whenever it is due, and what was held back of the types that are pulled. */
async function wantedBy(
  database: Database,
  { parent, pulled = everyType }: ExportBundleOptions,
): Promise<[type: string, id: string][]> {
  const failed = await readDueFailedPulls(database, parent, Number.MAX_SAFE_INTEGER);
  const wanted = failed.map(({ type, id }): [string, string] => [type, id]);
  for (const type of Object.keys(await countHeldPulls(database, parent))) {
    if (!allowsType(pulled, type)) continue;
    const held = await readHeldPulls(database, parent, type, Math.max(1, wantedMax - wanted.length));
    wanted.push(...held.map(({ id }): [string, string] => [type, id]));
  }
  return wanted.slice(0, wantedMax);
}

/** Writes what is taken back and asked about, then the units from the front of the queue. */
async function sayUnits(
  options: ExportBundleOptions,
  write: (body: string) => Promise<void>,
  signal: AbortSignal,
): Promise<Pick<ExportedBundle, "units" | "records" | "left">> {
  const { database, store, parent, clock, plan, bytesMax = bundleBytesMax } = options;
  const held = await readHeldUnits(database, parent);
  const queued = await readQueuedUnits(database, parent, Number.MAX_SAFE_INTEGER);
  const takenBack = unitsToTakeBack(held, queued);
  const withdraw = takenBack.map(({ operationId }) => operationId);
  const asked = unitsToAskAbout(held, clock.now()).map(({ operationId }) => operationId);
  const ask = asked.filter((operationId) => !withdraw.includes(operationId));
  if (withdraw.length + ask.length > 0) await write(writePushBatch([], { ask, withdraw }));
  let [units, records, bytes, setAside] = [0, 0, 0, 0];
  for (let left = apartFrom(await frontOfQueue(database, parent, unitsMax, plan)); left.length > 0; ) {
    signal.throwIfAborted();
    const some = left.slice(0, pushUnitsMax);
    const filled = await database.snapshot((reader) => packUnits(reader, store, parent, some, requestBytes));
    // What is left of the others goes with the next bundle.
    const packed = await strikeGone(filled, options);
    const body = writePushBatch(packed.map(({ unit }) => unit));
    if (packed.length === 1 && !fitsIntoPart(body)) {
      await stepOver(packed[0]!.queued, "too-large", options);
      setAside += 1;
      left = left.slice(filled.length);
      continue;
    }
    if (bytes > 0 && bytes + body.length > bytesMax) break;
    const fixed = await database.transaction((tx) =>
      fixUnits(
        tx,
        parent,
        packed.map((one) => one.queued),
      ),
    );
    if (!fixed) throw queuedAnew();
    await write(body);
    bytes += body.length;
    units += packed.length;
    records += packed.reduce((sum, { unit }) => sum + unit.records.length, 0);
    left = left.slice(filled.length);
  }
  return { units, records, left: queued.length - units - setAside };
}

/** Without units that have a record of an earlier one: what they were made on is known only when that one is answered. */
function apartFrom(front: readonly QueuedUnit[]): QueuedUnit[] {
  const seen = new Set<string>();
  return front.filter(({ changes }) => {
    const names = changes.map(({ type, id }) => `${type}/${id}`);
    const isApart = !names.some((name) => seen.has(name));
    for (const name of names) seen.add(name);
    return isApart;
  });
}

function queuedAnew(): TributaryError {
  return new TributaryError(
    "DATABASE_BUSY",
    "Another program is pushing the same changes now; write the bundle again when it has ended.",
    { retryable: true },
  );
}
