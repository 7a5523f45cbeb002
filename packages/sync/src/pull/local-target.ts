import { type AuditDraft, appendAudit } from "@tributary/audit";
import { type Database, isDatabaseTrouble, type Reader, sql, type Transaction } from "@tributary/database";
import type { IncomingVersion, ResourceStore, StoredVersion } from "@tributary/fhir";
import { BrokenPromiseError, type Clock, type NodeId, type Random } from "@tributary/kernel";
import { isCatchmentStream } from "../catchment/catchment-name.ts";
import { type AfterExit, purgeAtOnce, receiveMovements } from "../catchment/follow/receive-movements.ts";
import { holdPulls } from "../control/held-pulls.ts";
import { allowsType, everyType, type TypeFilter } from "../control/type-filter.ts";
import type { Portion, Target } from "../replicate.ts";
import type { TravellingRecord } from "../stream/record-batch.ts";
import { bodyDigestOf, type StreamEntry } from "../stream/stream-entry.ts";
import { decideEntry, type EntryDecision } from "./decide-entry.ts";
import { type FailedPullReason, forgetFailedPulls, noteFailedPull } from "./failed-pulls.ts";
import { type LinkBase, putLinkBases, readLinkBases } from "./link-base.ts";
import { SoughtRecords } from "./sought-records.ts";
import { advanceStreamMarker, readStreamMarker, type StreamMarker } from "./stream-marker.ts";

/** What a round of pulling came to, record by record. */
export interface PullTally {
  applied: number;
  unchanged: number;
  failed: number;
}

export interface LocalTargetOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly parent: string;
  readonly stream: string;
  readonly clock: Clock;
  readonly random: Random;
  /** The types that are taken in; of the others it is noted which records changed. All of them when left out. */
  readonly types?: TypeFilter;
  /** What is done with the records of patients who leave the catchment; they are purged at once when left out. */
  readonly afterExit?: AfterExit;
  /** What is counted on; a count of its own when left out. */
  readonly tally?: PullTally;
  /** Told after each durable portion. */
  readonly onApplied?: (tally: Readonly<PullTally>, marker: StreamMarker | undefined) => void;
}

/** One change that is to be taken in, whether its content travelled or only the news of its deletion. */
interface Change {
  readonly incoming: IncomingVersion;
  readonly remoteVersion: number;
  readonly isDeleted: boolean;
  readonly bodyDigest: string;
  /** Whether `incoming` is the change itself, and not only its announcement. */
  readonly isComplete: boolean;
  /** Whether the parent has handed it over as what it has now. */
  readonly isCurrent: boolean;
}

const resetBases = sql("update link_bases set remote_version = 0 where link = $1");
const dropMarker = sql("delete from stream_markers where parent = $1 and stream = $2");

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

  constructor(options: LocalTargetOptions) {
    this.#options = options;
    this.tally = options.tally ?? { applied: 0, unchanged: 0, failed: 0 };
  }

  marker(): Promise<StreamMarker | undefined> {
    const { database, parent, stream } = this.#options;
    return readStreamMarker(database, parent, stream);
  }

  async select(entries: readonly StreamEntry[]) {
    if (entries.length === 0) return { wanted: [], settled: [] };
    const left = whoLeaves(entries);
    const decide = await this.#decider(this.#options.database, entries);
    const wanted = entries.filter(
      (entry) => !entry.movement && !left(entry) && this.#isPulled(entry) && needsContent(entry, decide(entry)),
    );
    const isWanted = new Set(wanted);
    return { wanted, settled: entries.filter((entry) => !isWanted.has(entry) && !left(entry)) };
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
    const changes = [
      ...portion.contents.map(changeOfRecord),
      ...portion.settled.filter(isChange).map((entry) => changeOfEntry(entry, parent)),
    ];
    const movements = portion.settled.filter(({ movement }) => movement !== undefined);
    // In a catchment what is not shown has left it, or is about to: that is told by the stream, and is no failure.
    const missing = isCatchmentStream(stream) ? [] : portion.missing;
    const tally = await database.transaction(async (tx) => {
      const counted = await this.#takeIn(tx, changes);
      for (const entry of missing) await this.#noteFailure(tx, entry, entry.version, "missing-at-parent");
      counted.failed += missing.length;
      if (missing.length < portion.missing.length) await forgetFailedPulls(tx, parent, portion.missing);
      await receiveMovements(tx, movements, { ...this.#options, afterExit: this.#options.afterExit ?? purgeAtOnce });
      if (portion.through) await advanceStreamMarker(tx, parent, stream, portion.through, clock.now());
      await also?.(tx);
      return counted;
    });
    this.#sought.arrived(portion.contents);
    this.tally.applied += tally.applied;
    this.tally.unchanged += tally.unchanged;
    this.tally.failed += tally.failed;
    onApplied?.(this.tally, portion.through);
  }

  /** Begins again at the start of another history; what is already equal will be recognised by its content. */
  async forgetHistory(): Promise<void> {
    const { database, parent, stream } = this.#options;
    await database.transaction(async (tx) => {
      await tx.run(resetBases, [parent]);
      await tx.run(dropMarker, [parent, stream]);
      await appendAudit(tx, this.#options.nodeId, [this.#auditOf(null, null, null, "history-changed")]);
    });
  }

  async #takeIn(tx: Transaction, changes: readonly Change[]): Promise<PullTally> {
    const tally: PullTally = { applied: 0, unchanged: 0, failed: 0 };
    if (changes.length === 0) return tally;
    try {
      await tx.savepoint((inner) => this.#takeInTogether(inner, changes, tally));
      return tally;
    } catch (error) {
      if (isDatabaseTrouble(error) || error instanceof BrokenPromiseError) throw error;
      if (changes.length === 1) {
        const { incoming, remoteVersion } = changes[0]!;
        await this.#noteFailure(tx, incoming.key, remoteVersion, "not-applicable");
        return { applied: 0, unchanged: 0, failed: 1 };
      }
    }
    // One of them cannot be taken in: halve until it stands alone, so that it holds up nothing but itself.
    const middle = Math.ceil(changes.length / 2);
    const first = await this.#takeIn(tx, changes.slice(0, middle));
    const second = await this.#takeIn(tx, changes.slice(middle));
    return {
      applied: first.applied + second.applied,
      unchanged: first.unchanged + second.unchanged,
      failed: first.failed + second.failed,
    };
  }

  async #takeInTogether(tx: Transaction, changes: readonly Change[], tally: PullTally): Promise<void> {
    const { store, nodeId, parent } = this.#options;
    const locals = await store.readForChange(
      tx,
      changes.map(({ incoming }) => incoming.key),
    );
    const known = await readLinkBases(
      tx,
      parent,
      changes.map(({ incoming }) => incoming.key),
    );
    const taken: Change[] = [];
    const bases: LinkBase[] = [];
    const settled: { readonly type: string; readonly id: string }[] = [];
    const held: { readonly type: string; readonly id: string }[] = [];
    for (const change of changes) {
      const { key } = change.incoming;
      const name = nameOf(key);
      const local = locals.get(name);
      const base = agreedOn(known.get(name));
      const decision = decide(change, local, base, this.#tellsTheTruthAbout(change, base));
      switch (decision.kind) {
        case "take":
        case "delete":
          if (!this.#isPulled(key)) held.push(key);
          else if (change.isComplete) taken.push(change);
          else {
            await this.#noteFailure(tx, key, change.remoteVersion, "changed-meanwhile");
            tally.failed += 1;
          }
          break;
        case "same-content":
          bases.push({ ...key, localVersion: local!.version, remoteVersion: change.remoteVersion });
          settled.push(key);
          tally.unchanged += 1;
          break;
        case "edited-here":
          if (!this.#isPulled(key)) {
            held.push(key);
            break;
          }
          await this.#noteFailure(tx, key, change.remoteVersion, "edited-here");
          tally.failed += 1;
          break;
        case "known":
        case "doubtful":
        case "never-mind":
          tally.unchanged += 1;
          settled.push(key);
      }
    }
    const outcomes = await store.apply(
      tx,
      taken.map(({ incoming }) => incoming),
    );
    const audit: AuditDraft[] = [];
    for (const [at, outcome] of outcomes.entries()) {
      const { incoming, remoteVersion } = taken[at]!;
      const before = locals.get(nameOf(incoming.key))?.version ?? null;
      const localVersion = outcome.kind === "applied" ? outcome.version : (before ?? 0);
      bases.push({ ...incoming.key, localVersion, remoteVersion });
      settled.push(incoming.key);
      if (outcome.kind === "unchanged") {
        tally.unchanged += 1;
        continue;
      }
      tally.applied += 1;
      audit.push({
        ...this.#auditOf(
          nameOf(incoming.key),
          before,
          outcome.version,
          incoming.body === undefined ? "deleted" : "applied",
        ),
        operationId: incoming.origin.operation,
      });
    }
    await holdPulls(tx, parent, held, this.#options.clock.now());
    await putLinkBases(tx, parent, bases);
    await forgetFailedPulls(tx, parent, [...settled, ...held]);
    await appendAudit(tx, nodeId, audit);
  }

  #isPulled({ type }: { readonly type: string }): boolean {
    return allowsType(this.#options.types ?? everyType, type);
  }

  async #noteFailure(
    tx: Transaction,
    record: { readonly type: string; readonly id: string },
    remoteVersion: number,
    reason: FailedPullReason,
  ): Promise<void> {
    const { parent, clock, random, nodeId } = this.#options;
    const { type, id } = record;
    await noteFailedPull(tx, parent, { type, id, remoteVersion, reason }, clock.now(), random);
    await appendAudit(tx, nodeId, [
      { ...this.#auditOf(`${type}/${id}`, null, null, "parked"), operation: "failed-attempt", error: reason },
    ]);
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

  #auditOf(
    reference: string | null,
    versionBefore: number | null,
    versionAfter: number | null,
    outcome: string,
  ): AuditDraft {
    const { parent, clock } = this.#options;
    return {
      at: clock.now(),
      actor: parent,
      operation: "pull",
      reference,
      versionBefore,
      versionAfter,
      link: parent,
      operationId: null,
      outcome,
      error: null,
    };
  }
}

function needsContent({ isDeleted }: StreamEntry, { kind }: EntryDecision): boolean {
  return kind === "doubtful" || (kind === "take" && !isDeleted);
}

function decide(
  change: Change,
  local: StoredVersion | undefined,
  base: LinkBase | undefined,
  isCurrent: boolean,
): EntryDecision {
  return decideEntry(
    {
      version: change.remoteVersion,
      isDeleted: change.isDeleted,
      bodyDigest: change.bodyDigest,
      isCurrent,
    },
    localOf(local),
    base,
  );
}

function localOf(stored: StoredVersion | undefined) {
  return (
    stored && {
      version: stored.version,
      isDeleted: stored.operation === "delete",
      bodyHash: stored.bodyHash,
    }
  );
}

function isChange({ movement }: StreamEntry): boolean {
  return movement === undefined;
}

/** Tells of an entry whether its patient leaves later in the same stretch: what it announces is not shown any more. */
function whoLeaves(entries: readonly StreamEntry[]): (entry: StreamEntry) => boolean {
  const leftAt = new Map<string, number>();
  for (const { movement, type, id, position } of entries)
    if (movement === "exit") leftAt.set(`${type}/${id}`, position);
  return ({ movement, type, id, orderKey, position }) =>
    movement === undefined &&
    [orderKey ?? "", `${type}/${id}`].some((name) => position < (leftAt.get(name) ?? Number.NEGATIVE_INFINITY));
}

function changeOfRecord(record: TravellingRecord): Change {
  const { type, id, body, bodyHash } = record;
  return {
    incoming: {
      key: { type, id },
      body: body ?? undefined,
      bodyHash,
      origin: { node: record.originNode, version: record.originVersion, operation: record.originOperation },
    },
    remoteVersion: record.version,
    isDeleted: body === null,
    bodyDigest: bodyHash === null ? "" : bodyDigestOf(bodyHash),
    isComplete: true,
    isCurrent: true,
  };
}

function changeOfEntry(entry: StreamEntry, parent: string): Change {
  const { type, id, version, isDeleted, bodyDigest } = entry;
  return {
    incoming: {
      key: { type, id },
      body: undefined,
      bodyHash: null,
      origin: { node: entry.originNode ?? parent, version, operation: entry.originOperation },
    },
    remoteVersion: version,
    isDeleted,
    bodyDigest,
    isComplete: isDeleted,
    isCurrent: false,
  };
}

function nameOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}/${id}`;
}

/** What was outside the catchment has not been told since, and may be another there by now: of it only the own version counts. */
function agreedOn(base: LinkBase | undefined): LinkBase | undefined {
  return base?.isOutside ? { ...base, remoteVersion: 0, differs: false } : base;
}
