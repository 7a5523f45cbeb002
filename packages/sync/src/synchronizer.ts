import type { Database } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import {
  type BackoffPlan,
  type Clock,
  type Logger,
  type NodeId,
  type Random,
  TributaryError,
  WorkerLoop,
} from "@tributary/kernel";
import { type AuditTally, AuditTrailSender } from "./audit-trail/audit-trail-sender.ts";
import type { SnapshotProgress } from "./bootstrap/begin-from-snapshot.ts";
import { type PullOrBeginOptions, pullOrBegin } from "./bootstrap/pull-or-begin.ts";
import type { SnapshotShelf } from "./bootstrap/snapshot-shelf.ts";
import type { CarriedAnswer } from "./carry/carried-answer.ts";
import { exchangeKeys } from "./carry/exchange-keys.ts";
import { type ExportedBundle, exportBundle } from "./carry/export-bundle.ts";
import { type ImportedSnapshot, type ImportSnapshotOptions, importSnapshot } from "./carry/import-snapshot.ts";
import { asFarAsCarried } from "./carry/not-carried.ts";
import { type ImportedAnswer, noteAnswer, openAnswer, settleCarried, takeRefusal } from "./carry/take-answer.ts";
import { untilStopped } from "./carry/until-stopped.ts";
import { isCatchmentStream } from "./catchment/catchment-name.ts";
import { CatchmentFollower } from "./catchment/follow/catchment-follower.ts";
import { fetchGuest } from "./catchment/follow/fetch-guest.ts";
import type { GuestPatient } from "./catchment/follow/guest-patients.ts";
import type { LeavesCatchments } from "./catchment/follow/purge-departed.ts";
import type { AfterExit } from "./catchment/follow/receive-movements.ts";
import { depart, purgeAtOnce } from "./catchment/follow/receive-movements.ts";
import type { GuestRequest } from "./catchment/guest-request.ts";
import { metadataStream } from "./catchment/metadata-types.ts";
import { sendDecisions } from "./conflict/decide/send-decisions.ts";
import type { PolicyRule } from "./conflict/merge/policy/merge-policy.ts";
import { conflictStream } from "./conflict/travel/conflict-stream.ts";
import type { Direction } from "./control/direction.ts";
import type { Forecast } from "./control/forecast.ts";
import { forecastPull } from "./control/forecast-pull.ts";
import { forecastPush } from "./control/forecast-push.ts";
import { countHeldPulls } from "./control/held-pulls.ts";
import { countHeldPushes } from "./control/held-pushes.ts";
import { readLinkPauses } from "./control/pauses.ts";
import type { PushPlan } from "./control/push-plan.ts";
import { everyMs as interval, type Schedule } from "./control/schedule.ts";
import { type LinkSchedules, Timetable } from "./control/timetable.ts";
import { everyType, type TypeFilter } from "./control/type-filter.ts";
import { putPullOutcome } from "./enrolment/parent-link.ts";
import type { Exchange } from "./exchange.ts";
import type { ManualRequest } from "./manual/manual-request.ts";
import type { RecordPreview } from "./manual/preview-record.ts";
import { previewSelection } from "./manual/preview-selection.ts";
import { type ManualReport, syncSelection } from "./manual/sync-selection.ts";
import {
  isRefusal,
  type LineFailure,
  lineFailureOf,
  openParentLine,
  type ParentLine,
  trafficSince,
} from "./parent-line.ts";
import { snapshotWorthEntries } from "./protocol.ts";
import { countFailedPulls } from "./pull/failed-pulls.ts";
import { LocalTarget, type PullTally } from "./pull/local-target.ts";
import type { StreamMarker } from "./pull/stream-marker.ts";
import { type PushOptions, pushToParent } from "./push/push-to-parent.ts";
import { countQueuedUnits } from "./push/queue/count-units.ts";
import { emptyPushTally } from "./push/settle-unit.ts";
import { healingRestored } from "./restore/heal-restored.ts";
import { offerWhatWasLost } from "./restore/offer-what-was-lost.ts";
import { followSideStreams } from "./side-streams/follow-side-streams.ts";
import type { AuditReport, PullReport, PushReport, SyncOutcome } from "./sync-report.ts";
import { noteReach } from "./tiers/note-reach.ts";
import { type VerifyReport, verifyRound } from "./verify/verify-round.ts";

/** After failures in a row a child waits up to a quarter of an hour, so that a returning parent is not stormed. */
const roundBackoff: BackoffPlan = { firstMs: 1_000, maximumMs: 15 * 60_000 };

/** The clock may be set at any moment, so that it is looked at again after an hour. */
const verifyLookMs = 3_600_000;

export interface SynchronizerOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Names this installation: the machine and the very file of the database, so that a copy has another name. */
  readonly instance?: string;
  readonly random: Random;
  readonly logger: Logger;
  /** What is done with the records of patients who leave the catchment; they are purged at once when left out. */
  readonly afterExit?: AfterExit;
  /** The memberships of this node's own children, when it is a hub. */
  readonly memberships?: LeavesCatchments;
  /** The snapshots for them, out of which is taken who is purged here. */
  readonly shelf?: Pick<SnapshotShelf, "forgetPatients">;
  /** This program's version: what one version was refused another may be allowed. */
  readonly programVersion?: string;
  /** Milliseconds between two rounds of an idle child. */
  readonly everyMs: number;
  /** When each direction is due, where that is not after every `everyMs`. */
  readonly schedules?: LinkSchedules;
  /** Which resource types go each way by themselves; all of them when left out. */
  readonly types?: Partial<Record<Direction, TypeFilter>>;
  /** The resource types that are sent first, instead of the default ones. */
  readonly first?: readonly string[];
  /** The site's merge rules, by which a preview tells what would be contested. */
  readonly policies?: readonly PolicyRule[];
  /** Told after each durable portion of a pull. */
  readonly onProgress?: (progress: {
    readonly tally: Readonly<PullTally>;
    readonly marker: StreamMarker | undefined;
  }) => void;
  /** Entries to be read from which on a child begins from a snapshot; the protocol's threshold when left out. */
  readonly snapshotAbove?: number;
  /** Patients of a catchment from which on it begins with a snapshot; the protocol's threshold when left out. */
  readonly snapshotAbovePatients?: number;
  /** Told after each chunk of a snapshot. */
  readonly onSnapshotProgress?: (progress: SnapshotProgress) => void;
  /** When a running node compares its records with its parent's, and whether it mends what differs. */
  readonly verify?: { readonly schedule: Schedule; readonly isRepairing: boolean };
  /** Told at the end of each pull. */
  readonly onReport?: (report: PullReport) => void;
}

/**
 * Keeps a child and its parent in step: pushes what was changed here, then pulls what is new there. One round runs at a
 * time; each can be broken off anywhere and the next goes on from where it was.
 */
export class Synchronizer implements AsyncDisposable {
  readonly #options: SynchronizerOptions;
  readonly #catchment: CatchmentFollower;
  readonly #auditTrail: AuditTrailSender;
  #line: ParentLine | undefined;
  #loop: WorkerLoop | undefined;
  #verifyLoop: WorkerLoop | undefined;
  #timetable: Timetable | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: SynchronizerOptions) {
    this.#options = options;
    this.#catchment = new CatchmentFollower(options);
    this.#auditTrail = new AuditTrailSender(options);
  }

  /** Begins to synchronize by its schedules, and whenever it is woken; a paused direction is left out. */
  start(): void {
    const { clock, random, logger, everyMs, schedules = { pull: interval(everyMs) } } = this.#options;
    this.#timetable ??= new Timetable(schedules, clock.now());
    const timetable = this.#timetable;
    this.#loop ??= new WorkerLoop({
      name: "sync",
      pollMs: () => timetable.waitMs(clock.now()),
      backoff: roundBackoff,
      clock,
      random,
      logger,
      round: async (signal) => {
        await this.#doWhatIsDue(timetable, signal);
        return "idle";
      },
    });
    if (this.#options.verify) this.#startVerifying(this.#options.verify);
  }

  #startVerifying({ schedule, isRepairing }: NonNullable<SynchronizerOptions["verify"]>): void {
    const { clock } = this.#options;
    let due = schedule.isDueAtStart ? clock.now() : schedule.nextAfter(clock.now());
    this.#verifyLoop ??= new WorkerLoop({
      ...this.#options,
      name: "verify",
      pollMs: () => Math.min(verifyLookMs, Math.max(0, (due ?? Number.POSITIVE_INFINITY) - clock.now())),
      backoff: roundBackoff,
      round: async (signal) => {
        if (due === undefined || clock.now() < due) return "idle";
        await this.verifyOnce(signal, { isRepairing });
        due = schedule.nextAfter(clock.now());
        return "idle";
      },
    });
  }

  async #doWhatIsDue(timetable: Timetable, signal: AbortSignal): Promise<void> {
    const { clock, database } = this.#options;
    const pauses = await readLinkPauses(database);
    for (const direction of timetable.dueAt(clock.now())) {
      if (!pauses.some((pause) => pause.direction === direction)) {
        const { error } = await (direction === "push" ? this.pushOnce(signal) : this.pullOnce(signal));
        if (error && !signal.aborted) throw new TributaryError(error.code, error.message, error);
        if (error) return;
        if (direction === "push") await this.shareAuditOnce(signal);
      }
      timetable.done(direction, clock.now());
    }
  }

  /** Says that there may be something to send or to take. */
  wake(): void {
    this.#timetable?.hurry(this.#options.clock.now());
    this.#loop?.wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#verifyLoop?.[Symbol.asyncDispose]();
    await this.#loop?.[Symbol.asyncDispose]();
    await this.#running.catch(() => {});
  }

  /**
   * Pushes once, after any round that is under way. What the world does wrong is told in the report; it throws only
   * `NOT_ENROLLED`, errors of this node's own database, and broken promises.
   */
  pushOnce(signal: AbortSignal): Promise<PushReport> {
    return this.#inTurn(() => this.#push(signal));
  }

  /**
   * Tells the parent the audit trail, after any round that is under way. It belongs behind a push; what breaks it off is
   * told in the report and logged, and holds nothing else up. Throws as `pushOnce` does.
   */
  shareAuditOnce(signal: AbortSignal): Promise<AuditReport> {
    return this.#inTurn(() => this.#shareAudit(signal));
  }

  /** Pulls once, after any round that is under way; throws as `pushOnce` does. */
  pullOnce(signal: AbortSignal): Promise<PullReport> {
    return this.#inTurn(() => this.#pull(signal));
  }

  /**
   * Compares all records with the parent's, after any round that is under way, and mends what differs when that is asked
   * for. Throws what breaks it off, `REMOTE_UNAVAILABLE` among it; nothing is kept then.
   */
  verifyOnce(signal: AbortSignal, { isRepairing = false } = {}): Promise<VerifyReport> {
    return this.#inTurn(() => this.#verify(isRepairing, signal));
  }

  /** Brings chosen records into step, after any round that is under way; throws as `pushOnce` does. */
  syncSelected(request: ManualRequest, author: string, signal: AbortSignal): Promise<ManualReport> {
    return this.#inTurn(async () => {
      const line = await this.#openLine();
      const { parent, stream } = line.link;
      const { types: _, ...everyType } = this.#options;
      const target = new LocalTarget({ ...everyType, parent, stream });
      return syncSelection(request, { ...this.#pushOptions(line), source: line.source, target, author }, signal);
    });
  }

  /** Tells what that would change and contest at both ends, and writes nothing. Throws what the line throws. */
  async previewSelected(request: ManualRequest, signal: AbortSignal): Promise<RecordPreview[]> {
    return previewSelection(request, { ...this.#options, line: await this.#openLine() }, signal);
  }

  /** Tells what a push would send now, without asking the parent. Throws `NOT_ENROLLED`. */
  async dryRunPush(): Promise<Forecast> {
    const { link } = await this.#openLine();
    return forecastPush({ ...this.#options, parent: link.parent, plan: this.#plan });
  }

  /** Tells what a pull would take in now, and writes nothing. Throws `NOT_ENROLLED` and what the line throws. */
  async dryRunPull(signal: AbortSignal): Promise<Forecast> {
    const line = await this.#openLine();
    const target = this.#targetFor(line.link);
    return forecastPull({ ...this.#options, line, target, types: this.#pulled }, signal);
  }

  /**
   * Takes in the records of a patient of elsewhere for a while, after any round that is under way. Throws what the line
   * throws, `REMOTE_REFUSED` with the parent's reason among it, and `NOT_ENROLLED`.
   */
  fetchGuestOnce(request: GuestRequest, author: string, signal: AbortSignal): Promise<GuestPatient> {
    return this.#inTurn(async () => {
      const { link, connection } = await this.#openLine();
      const target = this.#targetFor(link);
      return fetchGuest(request, { ...this.#options, parent: link.parent, connection, target, author }, signal);
    });
  }

  /**
   * Takes in a snapshot that was carried here in a file, after any round that is under way. Throws `CARRIED_FILE_REFUSED`
   * with nothing changed, and `NOT_ENROLLED`.
   */
  importSnapshot(file: string, author: string, signal: AbortSignal): Promise<ImportedSnapshot> {
    return this.#inTurn(async () => {
      const { link } = await this.#openLine();
      const { parent } = link;
      const target = this.#targetFor(link);
      const letLeave: ImportSnapshotOptions["letLeave"] = (records) => this.#letLeave(parent, records);
      const options = { ...this.#options, link, file, author, target, letLeave };
      const taken = await untilStopped(importSnapshot(options, signal), signal);
      await this.#catchment.purge(parent);
      return taken;
    });
  }

  /**
   * Writes what this node would say to its parent into a file, after any round that is under way. Throws
   * `CARRIED_KEYS_MISSING`, `FILE_UNAVAILABLE` and `NOT_ENROLLED`.
   */
  exportBundle(file: string, author: string, signal: AbortSignal): Promise<ExportedBundle> {
    return this.#inTurn(async () => {
      const line = await this.#openLine();
      const { instance } = this.#options;
      const pushing = { ...this.#pushOptions(line), link: line.link, file, author, pulled: this.#pulled };
      const options = { ...pushing, ...(instance === undefined ? {} : { instance }) };
      return untilStopped(exportBundle(options, signal), signal);
    });
  }

  /**
   * Takes in the parent's answer to a bundle: verdicts, then what its streams tell, as over a line and by the same code. Old
   * and repeated answers bring nothing. Throws `CARRIED_FILE_REFUSED` with nothing changed, and `NOT_ENROLLED`.
   */
  importAnswer(file: string, author: string, signal: AbortSignal): Promise<ImportedAnswer> {
    return this.#inTurn(async () => {
      const { link } = await this.#openLine();
      const { parent } = link;
      const answer = await openAnswer({ ...this.#options, link, file });
      if (answer.summary.refusal) return takeRefusal(answer, this.#options, parent);
      const byHand = { ...this.#options, exchange: answer.exchange, snapshotAbove: Number.POSITIVE_INFINITY };
      await using carried = new Synchronizer(byHand);
      const taken = await untilStopped(carried.#takeAnswer(answer, signal), signal);
      const lastTurn = await noteAnswer(answer, this.#options, { parent, author });
      return { parent, turn: answer.summary.turn, lastTurn, outcome: "taken", ...taken };
    });
  }

  async #takeAnswer(answer: CarriedAnswer, signal: AbortSignal): Promise<Pick<ImportedAnswer, "pushed" | "pulled">> {
    const { database, nodeId } = this.#options;
    const line = await this.#openLine();
    const { parent } = line.link;
    const pushed = await settleCarried(answer, this.#pushOptions(line), signal);
    const { connection } = line;
    await asFarAsCarried(sendDecisions({ ...this.#options, parent, connection }, signal));
    await asFarAsCarried(this.#auditTrail.tell({ parent, connection }, { told: 0, broken: 0 }, signal));
    await database.transaction((tx) => noteReach(tx, parent, nodeId));
    return { pushed, pulled: await this.#pull(signal) };
  }

  #inTurn<Report>(round: () => Promise<Report>): Promise<Report> {
    const next = this.#running.catch(() => {}).then(round);
    this.#running = next;
    return next;
  }

  async #push(signal: AbortSignal): Promise<PushReport> {
    const { database, clock, logger } = this.#options;
    const startedAt = clock.now();
    const line = await this.#openLine();
    const { link, connection } = line;
    const before = { ...connection.traffic };
    const tally = emptyPushTally();
    const { parent } = link;
    const error = await this.#brokenOff(
      healingRestored(parent, this.#options, () => pushToParent(this.#pushOptions(line), tally, signal)),
      signal,
    );
    const sideError = error
      ? undefined
      : await this.#brokenOff(sendDecisions({ ...this.#options, parent, connection }, signal), signal);
    if (!error) await database.transaction((tx) => noteReach(tx, parent, this.#options.nodeId));
    const { waiting, rejected: refused, parked, delayed, discarded } = await countQueuedUnits(database, parent);
    const heldBack = await countHeldPushes(database, parent, this.#plan);
    const left = { queued: waiting + discarded - heldBack, refused, parked, delayed };
    const status = outcomeOf(error, sumOf(left));
    const traffic = trafficSince(before, connection.traffic);
    const tookMs = Math.abs(clock.now() - startedAt);
    const told = {
      parent,
      status,
      ...tally,
      ...left,
      heldBack,
      ...traffic,
      tookMs,
      code: error?.code,
    };
    if (error) logger.warn(told, "The push was broken off.");
    else if (sideError)
      logger.warn({ ...told, code: sideError.code }, "Pushed, but not what was decided about conflicts.");
    else if (traffic.requests > 0) logger.info(told, "Pushed.");
    return { status, parent, ...tally, ...left, heldBack, ...traffic, tookMs, error, sideError };
  }

  async #verify(isRepairing: boolean, signal: AbortSignal): Promise<VerifyReport> {
    const { logger } = this.#options;
    const { link, connection, source } = await this.#openLine();
    const { parent } = link;
    const report = await verifyRound(
      {
        ...this.#options,
        parent,
        connection,
        source,
        target: this.#targetFor(link),
        isRepairing,
        sync: async (stop) => (await this.#push(stop)).error ?? (await this.#pull(stop)).error,
      },
      signal,
    );
    const { differences, ...counts } = report;
    const told = { ...counts, differences: differences.length };
    if (report.outcome === "identical") logger.info(told, "Verified: identical with the parent.");
    else logger.warn(told, "Verified: not identical with the parent.");
    return report;
  }

  async #shareAudit(signal: AbortSignal): Promise<AuditReport> {
    const { clock, logger } = this.#options;
    const startedAt = clock.now();
    const { link, connection } = await this.#openLine();
    const { parent } = link;
    const before = { ...connection.traffic };
    const tally: AuditTally = { told: 0, broken: 0 };
    const error = await this.#brokenOff(this.#auditTrail.tell({ parent, connection }, tally, signal), signal);
    const traffic = trafficSince(before, connection.traffic);
    const report: AuditReport = {
      status: outcomeOf(error, tally.broken),
      parent,
      ...tally,
      ...traffic,
      tookMs: Math.abs(clock.now() - startedAt),
      error,
    };
    const { error: _, ...told } = { ...report, code: error?.code };
    if (error || tally.broken > 0) logger.warn(told, "The audit trail could not be told as it is.");
    else if (traffic.requests > 0) logger.info(told, "Told the audit trail.");
    return report;
  }

  async #pull(signal: AbortSignal): Promise<PullReport> {
    const { database, clock, logger, onReport } = this.#options;
    const startedAt = clock.now();
    let line = await this.#openLine();
    const { connection } = line;
    const { parent } = line.link;
    const before = { ...connection.traffic };
    const tally: PullTally = { applied: 0, unchanged: 0, failed: 0 };
    let target = this.#targetFor(line.link, tally);
    const error = await this.#brokenOff(
      healingRestored(parent, this.#options, () =>
        this.#pullRecords(
          line,
          target,
          async () => {
            line = await this.#openLine();
            target = this.#targetFor(line.link, tally);
            return { line, target };
          },
          signal,
        ),
      ),
      signal,
    );
    if (!error) await exchangeKeys(this.#options, line.link, connection, signal);
    await this.#catchment.purge(parent);
    const sideError = error ? undefined : await this.#followSides(line, await target.marker(), signal);
    const waiting = await countFailedPulls(database, parent);
    const heldBack = sumOf(await countHeldPulls(database, parent));
    const status = outcomeOf(error, waiting);
    const report: PullReport = {
      status,
      parent,
      ...tally,
      ...trafficSince(before, connection.traffic),
      marker: await target.marker(),
      waiting,
      heldBack,
      tookMs: Math.abs(clock.now() - startedAt),
      error,
      sideError,
    };
    const outcome = { at: clock.now(), status, error: error?.code ?? null };
    await database.transaction((tx) => putPullOutcome(tx, parent, outcome));
    const { applied, requests, bytesDown, tookMs } = report;
    const told = { parent, status, applied, waiting, requests, bytesDown, tookMs, code: error?.code };
    if (status === "complete" && applied === 0) logger.debug(told, "Pulled; there was nothing new.");
    else if (error) logger.warn(told, "The pull was broken off.");
    else logger.info(told, "Pulled.");
    onReport?.(report);
    return report;
  }

  /** Pulls the records; once more with another stream when the parent has assigned another catchment. */
  async #pullRecords(
    opened: ParentLine,
    firstTarget: LocalTarget,
    openAnew: () => Promise<{ readonly line: ParentLine; readonly target: LocalTarget }>,
    signal: AbortSignal,
  ): Promise<void> {
    let current = { line: opened, target: firstTarget };
    let isTakenUp = false;
    const takeUp = async () => {
      const { link, connection, snapshots } = current.line;
      isTakenUp = await this.#catchment.takeUp(link, connection, snapshots, signal);
      if (isTakenUp) current = await openAnew();
      return isTakenUp;
    };
    if (await this.#catchment.mustBegin(opened.link)) await takeUp();
    const pull = () => {
      const options = { ...this.#pullOptions(current.line), takeUpCatchment: takeUp };
      return pullOrBegin(current.line.source, current.target, options, signal);
    };
    isTakenUp = false;
    await pull();
    if (isTakenUp) await pull();
    const { link, connection } = current.line;
    await asFarAsCarried(this.#catchment.fetch(link.parent, connection, current.target, signal));
  }

  async #followSides(
    { link: { parent }, connection, source }: ParentLine,
    main: StreamMarker | undefined,
    signal: AbortSignal,
  ): Promise<LineFailure | undefined> {
    const metadata = this.#targetFor({ parent, stream: metadataStream });
    const head = source.heads.get(metadataStream);
    const metadataError = await this.#brokenOff(
      this.#catchment.followMetadata({ connection, head }, metadata, signal),
      signal,
    );
    const streams = [conflictStream(this.#options.store.bus, parent)];
    const sideError = await followSideStreams(
      streams,
      { ...this.#options, parent, connection, heads: source.heads, main },
      signal,
    );
    return metadataError ?? sideError;
  }

  #pushOptions({ link, connection, pushSize, pushBudget }: ParentLine): PushOptions {
    return {
      ...this.#options,
      parent: link.parent,
      connection,
      size: pushSize,
      budget: pushBudget,
      plan: this.#plan,
    };
  }

  #pullOptions(line: ParentLine): PullOrBeginOptions {
    const { snapshotAbove = snapshotWorthEntries } = this.#options;
    const { link, snapshots } = line;
    const { parent } = link;
    return {
      ...this.#options,
      parent,
      types: this.#pulled,
      snapshots,
      snapshotAbove,
      push: (signal) => pushToParent(this.#pushOptions(line), emptyPushTally(), signal),
      ...(isCatchmentStream(link.stream) ? { onMissing: (records) => this.#letLeave(parent, records) } : {}),
      onOtherHistory: async (signal) => {
        const { connection, source } = line;
        const offer = { ...this.#options, parent, stream: link.stream, connection, source };
        const records = await offerWhatWasLost(offer, signal);
        this.#options.logger.warn({ parent, records }, "The parent has lost what it acknowledged; sending it again.");
        await pushToParent(this.#pushOptions(line), emptyPushTally(), signal);
      },
    };
  }

  /** What a child of a catchment had and is not shown any more has left while the child was away. */
  async #letLeave(parent: string, records: readonly { readonly type: string; readonly id: string }[]): Promise<void> {
    const names = records.map(({ type, id }) => (type === "Patient" ? id : `${type}/${id}`));
    const { database, afterExit = purgeAtOnce } = this.#options;
    await database.transaction((tx) => depart(tx, names, { ...this.#options, parent, afterExit }));
  }

  async #brokenOff(work: Promise<void>, signal: AbortSignal): Promise<LineFailure | undefined> {
    try {
      await work;
      return undefined;
    } catch (error) {
      return lineFailureOf(error, signal);
    }
  }

  get #plan(): PushPlan {
    return { types: this.#options.types?.push, first: this.#options.first };
  }

  get #pulled(): TypeFilter {
    return this.#options.types?.pull ?? everyType;
  }

  async #openLine(): Promise<ParentLine> {
    this.#line = await openParentLine(this.#options, this.#line);
    return this.#line;
  }

  #targetFor({ parent, stream }: Pick<ParentLine["link"], "parent" | "stream">, tally?: PullTally): LocalTarget {
    const { onProgress } = this.#options;
    return new LocalTarget({
      ...this.#options,
      ...(tally ? { tally } : {}),
      parent,
      stream,
      types: this.#pulled,
      ...(onProgress ? { onApplied: (tally, marker) => onProgress({ tally, marker }) } : {}),
    });
  }
}

function outcomeOf(error: LineFailure | undefined, left: number): SyncOutcome {
  if (error) return isRefusal(error) ? "refused" : "interrupted";
  return left > 0 ? "partial" : "complete";
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
