import type { ExportedBundle } from "./carry/export-bundle.ts";
import type { ImportedSnapshot } from "./carry/import-snapshot.ts";
import type { ImportedAnswer } from "./carry/take-answer.ts";
import { fetchGuest } from "./catchment/follow/fetch-guest.ts";
import { fetchPatientHistory } from "./catchment/follow/fetch-patient-history.ts";
import type { GuestPatient } from "./catchment/follow/guest-patients.ts";
import type { GuestRequest } from "./catchment/guest-request.ts";
import type { ToldVersion } from "./catchment/serve/patient-history.ts";
import type { Forecast } from "./control/forecast.ts";
import { forecastPull } from "./control/forecast-pull.ts";
import { forecastPush } from "./control/forecast-push.ts";
import type { Steering } from "./control/steering.ts";
import type { ManualRequest } from "./manual/manual-request.ts";
import type { RecordPreview } from "./manual/preview-record.ts";
import { previewSelection } from "./manual/preview-selection.ts";
import { type ManualReport, syncSelection } from "./manual/sync-selection.ts";
import { LocalTarget } from "./pull/local-target.ts";
import { auditRound } from "./rounds/audit-round.ts";
import { takeCarriedAnswer, takeCarriedSnapshot, writeBundle } from "./rounds/carried-rounds.ts";
import { ChildEnd } from "./rounds/child-end.ts";
import { pullRound } from "./rounds/pull-round.ts";
import { pushRound } from "./rounds/push-round.ts";
import { RoundLoops } from "./rounds/round-loops.ts";
import { verifyLink } from "./rounds/verify-link.ts";
import type { AuditReport, PullReport, PushReport } from "./sync-report.ts";
import type { SynchronizerOptions } from "./synchronizer-options.ts";
import type { VerifyReport } from "./verify/verify-round.ts";

/**
 * Keeps a child and its parent in step: pushes what was changed here, then pulls what is new there. One round runs at a
 * time; each can be broken off anywhere and the next goes on from where it was.
 */
export class Synchronizer implements AsyncDisposable {
  readonly #child: ChildEnd;
  #loops: RoundLoops | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: SynchronizerOptions) {
    this.#child = new ChildEnd(options);
  }

  /** Begins to synchronize by its schedules, and whenever it is woken; a paused direction is left out. */
  start(): void {
    this.#loops ??= new RoundLoops(this.#child.options, this);
  }

  /** Says that there may be something to send or to take. */
  wake(): void {
    this.#loops?.wake();
  }

  /**
   * Goes by others of its options from now on: those that are named. A round that is under way ends with the types and the
   * order with which it began; by a new schedule of intervals each direction is due at once.
   */
  steer({ schedules, verify, ...plan }: Partial<Steering>): void {
    if (plan.types || plan.first) void this.#inTurn(async () => this.#child.steer(plan));
    if (schedules) {
      this.#child.steer({ schedules });
      this.#loops?.reschedule(schedules);
    }
    if (verify) {
      this.#child.steer({ verify });
      this.#loops?.verifyBy(verify);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#loops?.[Symbol.asyncDispose]();
    await this.#running.catch(() => {});
  }

  /**
   * Pushes once, after any round that is under way. What the world does wrong is told in the report; it throws only
   * `NOT_ENROLLED`, errors of this node's own database, and broken promises.
   */
  pushOnce(signal: AbortSignal): Promise<PushReport> {
    return this.#inTurn(() => pushRound(this.#child, signal));
  }

  /**
   * Tells the parent the audit trail, after any round that is under way. It belongs behind a push; what breaks it off is
   * told in the report and logged, and holds nothing else up. Throws as `pushOnce` does.
   */
  shareAuditOnce(signal: AbortSignal): Promise<AuditReport> {
    return this.#inTurn(() => auditRound(this.#child, signal));
  }

  /** Pulls once, after any round that is under way; throws as `pushOnce` does. */
  pullOnce(signal: AbortSignal): Promise<PullReport> {
    return this.#inTurn(() => pullRound(this.#child, signal));
  }

  /**
   * Compares all records with the parent's, after any round that is under way, and mends what differs when that is asked
   * for. Throws what breaks it off, `REMOTE_UNAVAILABLE` among it; nothing is kept then.
   */
  verifyOnce(signal: AbortSignal, { isRepairing = false } = {}): Promise<VerifyReport> {
    return this.#inTurn(() => verifyLink(this.#child, isRepairing, signal));
  }

  /** Brings chosen records into step, after any round that is under way; throws as `pushOnce` does. */
  syncSelected(request: ManualRequest, author: string, signal: AbortSignal): Promise<ManualReport> {
    return this.#inTurn(async () => {
      const line = await this.#child.openLine();
      const { parent, stream } = line.link;
      const { types: _, ...everyType } = this.#child.options;
      const target = new LocalTarget({ ...everyType, parent, stream });
      return syncSelection(request, { ...this.#child.pushOver(line), source: line.source, target, author }, signal);
    });
  }

  /** Tells what that would change and contest at both ends, and writes nothing. Throws what the line throws. */
  async previewSelected(request: ManualRequest, signal: AbortSignal): Promise<RecordPreview[]> {
    const line = await this.#child.openLine();
    return previewSelection(request, { ...this.#child.options, line }, signal);
  }

  /** Tells what a push would send now, without asking the parent. Throws `NOT_ENROLLED`. */
  async dryRunPush(): Promise<Forecast> {
    const { link } = await this.#child.openLine();
    return forecastPush({ ...this.#child.options, parent: link.parent, plan: this.#child.plan });
  }

  /** Tells what a pull would take in now, and writes nothing. Throws `NOT_ENROLLED` and what the line throws. */
  async dryRunPull(signal: AbortSignal): Promise<Forecast> {
    const line = await this.#child.openLine();
    const target = this.#child.targetFor(line.link);
    return forecastPull({ ...this.#child.options, line, target, types: this.#child.pulled }, signal);
  }

  /**
   * Takes in the records of a patient of elsewhere for a while, after any round that is under way. Throws what the line
   * throws, `REMOTE_REFUSED` with the parent's reason among it, and `NOT_ENROLLED`.
   */
  fetchGuestOnce(request: GuestRequest, author: string, signal: AbortSignal): Promise<GuestPatient> {
    return this.#inTurn(async () => {
      const { link, connection, source } = await this.#child.openLine();
      const target = this.#child.targetFor(link);
      const line = { parent: link.parent, connection, source, target };
      return fetchGuest(request, { ...this.#child.options, ...line, author }, signal);
    });
  }

  /**
   * Asks for all versions of the records of a patient of this node's, the newest first, and keeps nothing of them. Throws
   * what the line throws, and `NOT_ENROLLED`.
   */
  fetchHistoryOnce(patient: string, author: string, signal: AbortSignal): Promise<readonly ToldVersion[]> {
    return this.#inTurn(async () => {
      const { link, connection } = await this.#child.openLine();
      return fetchPatientHistory(patient, { ...this.#child.options, parent: link.parent, connection, author }, signal);
    });
  }

  /**
   * Takes in a snapshot that was carried here in a file, after any round that is under way. Throws `CARRIED_FILE_REFUSED`
   * with nothing changed, and `NOT_ENROLLED`.
   */
  importSnapshot(file: string, author: string, signal: AbortSignal): Promise<ImportedSnapshot> {
    return this.#inTurn(() => takeCarriedSnapshot(this.#child, { file, author }, signal));
  }

  /**
   * Writes what this node would say to its parent into a file, after any round that is under way. Throws
   * `CARRIED_KEYS_MISSING`, `FILE_UNAVAILABLE` and `NOT_ENROLLED`.
   */
  exportBundle(file: string, author: string, signal: AbortSignal): Promise<ExportedBundle> {
    return this.#inTurn(() => writeBundle(this.#child, { file, author }, signal));
  }

  /**
   * Takes in the parent's answer to a bundle: verdicts, then what its streams tell, as over a line and by the same code. Old
   * and repeated answers bring nothing. Throws `CARRIED_FILE_REFUSED` with nothing changed, and `NOT_ENROLLED`.
   */
  importAnswer(file: string, author: string, signal: AbortSignal): Promise<ImportedAnswer> {
    return this.#inTurn(() => takeCarriedAnswer(this.#child, { file, author }, signal));
  }

  #inTurn<Report>(round: () => Promise<Report>): Promise<Report> {
    const next = this.#running.catch(() => {}).then(round);
    this.#running = next;
    return next;
  }
}
