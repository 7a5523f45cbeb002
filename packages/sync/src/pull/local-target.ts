import { appendAudit } from "@tributary/audit";
import type { Database, Reader, Transaction } from "@tributary/database";
import type { StoredVersion } from "@tributary/fhir";
import { isCatchmentStream } from "../catchment/catchment-name.ts";
import { leaveToCompartments, whatComesWhole } from "../catchment/follow/open-compartments.ts";
import { type AfterExit, purgeAtOnce, receiveMovements } from "../catchment/follow/receive-movements.ts";
import { allowsType, everyType } from "../control/type-filter.ts";
import type { Portion, Target } from "../replicate.ts";
import type { TravellingRecord } from "../stream/record-batch.ts";
import type { StreamEntry } from "../stream/stream-entry.ts";
import { type Change, changeOfEntry, changeOfRecord } from "./change.ts";
import { decideEntry, type EntryDecision } from "./decide-entry.ts";
import { forgetFailedPulls } from "./failed-pulls.ts";
import { FirstWriters } from "./first-writers.ts";
import { forgetRemoteVersions, type LinkBase, readLinkBases } from "./link-base.ts";
import { localOf } from "./local-of.ts";
import type { PullTally } from "./pull-tally.ts";
import { auditOfPull, notePullFailure } from "./pull-trail.ts";
import { noteStreamEnds } from "./seen-places.ts";
import { SoughtRecords } from "./sought-records.ts";
import { advanceStreamMarker, dropStreamMarker, readStreamMarker, type StreamMarker } from "./stream-marker.ts";
import { type TakeInOptions, takeIn } from "./take-in.ts";
import { whichReturn, whoLeaves } from "./who-leaves.ts";

export interface LocalTargetOptions extends Omit<TakeInOptions, "isTruth"> {
  readonly database: Database;
  readonly stream: string;
  /** What is done with the records of patients who leave the catchment; they are purged at once when left out. */
  readonly afterExit?: AfterExit;
  /** What is counted on; a count of its own when left out. */
  readonly tally?: PullTally;
  /** Told after each durable portion. */
  readonly onApplied?: (tally: Readonly<PullTally>, marker: StreamMarker | undefined) => void;
}

/**
 * This node's records as the target of a pull. A portion's records, their bases, their audit entries and the marker
 * become durable in one transaction; a record that cannot be taken in is noted and holds nothing else up.
 */
export class LocalTarget implements Target<StreamEntry, TravellingRecord, StreamMarker> {
  readonly tally: PullTally;
  readonly #options: LocalTargetOptions;
  /** Records that were asked for since the parent announced less than was agreed, with the parent's version agreed by then. */
  readonly #doubted = new Map<string, number>();
  readonly #sought = new SoughtRecords();
  readonly #firstWriters = new FirstWriters();
  /**
   * Who comes into the catchment by entries that were selected, and not applied yet, and by which: the next ones are
   * selected meanwhile.
   */
  readonly #entering = new Map<string, number>();

  constructor(options: LocalTargetOptions) {
    this.#options = options;
    this.tally = options.tally ?? { applied: 0, unchanged: 0, failed: 0 };
  }

  /** How far it is; who reads on from there begins anew, and what was only selected counts for nothing. */
  marker(): Promise<StreamMarker | undefined> {
    const { database, parent, stream } = this.#options;
    this.#entering.clear();
    return readStreamMarker(database, parent, stream);
  }

  async select(entries: readonly StreamEntry[]) {
    if (entries.length === 0) return { wanted: [], settled: [] };
    const left = whoLeaves(entries);
    const returns = whichReturn(entries);
    const decide = await this.#decider(this.#options.database, entries);
    for (const { movement, id, position } of entries) {
      if (movement === "enter") this.#entering.set(id, position);
      else if (movement === "exit") this.#entering.delete(id);
    }
    const comesWhole = await this.#whatComesWhole(this.#options.database, entries);
    const isAwaited = (entry: StreamEntry) => !entry.movement && !left(entry) && !comesWhole(entry);
    const wanted = entries.filter(
      (entry) => isAwaited(entry) && this.#isPulled(entry) && needsContent(entry, decide(entry)),
    );
    this.#firstWriters.note(wanted);
    const isWanted = new Set(wanted);
    return { wanted, settled: entries.filter((entry) => !isWanted.has(entry) && !left(entry) && !returns(entry)) };
  }

  lackedBy(contents: readonly TravellingRecord[]): Promise<readonly StreamEntry[]> {
    const { database, types = everyType } = this.#options;
    return this.#sought.lackedBy(contents, { reader: database, types });
  }

  /** Makes a portion durable; `also` is done in the same transaction. */
  async apply(
    portion: Portion<StreamEntry, TravellingRecord, StreamMarker>,
    also?: (tx: Transaction) => Promise<void>,
  ): Promise<void> {
    const { database, parent, stream, clock, onApplied } = this.#options;
    const movements = portion.settled.filter(({ movement }) => movement !== undefined);
    // In a catchment what is not shown has left it, or is about to: that is told by the stream, and is no failure.
    const missing = isCatchmentStream(stream) ? [] : portion.missing;
    const tally = await database.transaction(async (tx) => {
      const comesWhole = await this.#whatComesWhole(tx, portion.settled);
      const announced = portion.settled.filter((entry) => isChange(entry) && !comesWhole(entry));
      const changes = [
        ...portion.contents.map(changeOfRecord),
        ...announced.map((entry) => changeOfEntry(entry, parent)),
      ];
      const counted = await takeIn(tx, changes, this.#takingIn);
      await this.#firstWriters.remember(tx, portion.contents);
      for (const entry of missing) await notePullFailure(tx, this.#options, entry, entry.version, "missing-at-parent");
      counted.failed += missing.length;
      if (missing.length < portion.missing.length) await forgetFailedPulls(tx, parent, portion.missing);
      await receiveMovements(tx, movements, { ...this.#options, afterExit: this.#options.afterExit ?? purgeAtOnce });
      await leaveToCompartments(tx, parent, portion.settled.filter(comesWhole));
      if (portion.through) await advanceStreamMarker(tx, parent, stream, portion.through, clock.now());
      await noteStreamEnds(tx, parent, [...portion.contents, ...portion.missing]);
      await also?.(tx);
      return counted;
    });
    this.#sought.arrived(portion.contents);
    this.#firstWriters.arrived(portion.contents);
    for (const { movement, id, position } of movements) {
      if (movement === "enter" && this.#entering.get(id) === position) this.#entering.delete(id);
    }
    this.tally.applied += tally.applied;
    this.tally.unchanged += tally.unchanged;
    this.tally.failed += tally.failed;
    onApplied?.(this.tally, portion.through);
  }

  /** Begins again at the start of another history; what is already equal will be recognised by its content. */
  async forgetHistory(): Promise<void> {
    const { database, parent, stream } = this.#options;
    await database.transaction(async (tx) => {
      await forgetRemoteVersions(tx, parent);
      await dropStreamMarker(tx, parent, stream);
      await appendAudit(tx, this.#options.nodeId, [auditOfPull(this.#options, null, null, null, "history-changed")]);
    });
  }

  async #whatComesWhole(reader: Reader, entries: readonly StreamEntry[]): Promise<(entry: StreamEntry) => boolean> {
    const { parent, stream } = this.#options;
    if (entries.length === 0 || !isCatchmentStream(stream)) return () => false;
    return whatComesWhole(reader, { parent, entries, entering: this.#entering });
  }

  get #takingIn(): TakeInOptions {
    return { ...this.#options, isTruth: (change, base) => this.#tellsTheTruthAbout(change, base) };
  }

  #isPulled({ type }: { readonly type: string }): boolean {
    return allowsType(this.#options.types ?? everyType, type);
  }

  /** Whether a record was asked for to settle a doubt, and nothing has been agreed on since that makes it old news. */
  #tellsTheTruthAbout({ incoming, isCurrent }: Change, base: LinkBase | undefined): boolean {
    return isCurrent && base !== undefined && this.#doubted.get(nameOf(incoming.key)) === base.remoteVersion;
  }

  async #decider(reader: Reader, entries: readonly StreamEntry[]): Promise<(entry: StreamEntry) => EntryDecision> {
    const { parent } = this.#options;
    const locals = await this.#localsOf(reader, entries);
    const bases = await readLinkBases(reader, parent, entries);
    return (entry) => {
      const base = bases.get(nameOf(entry));
      const decision = decideEntry({ ...entry, isCurrent: false }, localOf(locals.get(nameOf(entry))), base);
      if (decision.kind === "doubtful" && base) this.#doubted.set(nameOf(entry), base.remoteVersion);
      return decision;
    };
  }

  #localsOf(
    reader: Reader,
    keys: readonly { readonly type: string; readonly id: string }[],
  ): Promise<ReadonlyMap<string, StoredVersion>> {
    return this.#options.store.readMany(
      reader,
      keys.map(({ type, id }) => ({ type, id })),
    );
  }
}

function needsContent({ isDeleted }: StreamEntry, { kind }: EntryDecision): boolean {
  return kind === "doubtful" || (kind === "take" && !isDeleted);
}

function isChange({ movement }: StreamEntry): boolean {
  return movement === undefined;
}

function nameOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}/${id}`;
}
