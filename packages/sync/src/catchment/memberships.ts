import { type AuditDraft, appendAudit, auditDraft } from "@tributary/audit";
import { type Reader, sql, type Transaction } from "@tributary/database";
import type { EventBus, EventDraft, Outbox } from "@tributary/events";
import {
  type ResourceDeleted,
  type ResourceKey,
  type ResourceSaved,
  type ResourceStore,
  resourceDeleted,
  resourceSaved,
} from "@tributary/fhir";
import type { Clock, NodeId } from "@tributary/kernel";
import { draftsOfOpenConflicts } from "../conflict/announce-again.ts";
import { everythingStream } from "../line/protocol.ts";
import { catchmentStream } from "./catchment-name.ts";
import { countPlaceChange, readCatchmentState } from "./catchment-state.ts";
import { decideMembership } from "./decide-membership.ts";
import { type DuePatients, type DueSources, findDuePatients, presenceSources } from "./due-patients.ts";
import { type MemberState, type Membership, membershipsOf, putMemberships } from "./members.ts";
import { collectiveTypes, metadataStream } from "./metadata-types.ts";
import { beginPass } from "./passes.ts";
import type { CatchmentStrategy } from "./rule/catchment-strategy.ts";
import { gatherFacts } from "./rule/gather-facts.ts";
import { PlaceTree } from "./rule/place-tree.ts";
import { type ReadRules, RuleBook } from "./rule-book.ts";
import { type Noted, TouchedPatients } from "./touched-patients.ts";

/** Over whose records memberships are decided, and where they are announced. */
export interface MembershipsOptions {
  readonly store: ResourceStore;
  readonly outbox: Outbox;
  readonly nodeId: NodeId;
  readonly clock: Clock;
  /** A site's own strategies, besides the built-in ones. */
  readonly strategies?: readonly CatchmentStrategy[];
}

/** An event of the store that says that a record changed. */
type RecordEvent = ResourceSaved | ResourceDeleted;

const everythingOnly: readonly string[] = [everythingStream];
const everythingAndMetadata: readonly string[] = [everythingStream, metadataStream];
const placeTypes: ReadonlySet<string> = new Set(["Location", "Organization"]);

/** A server has room for some 6,400 locks: this many hold any number of patients, and two seldom share one. */
const patientLocks = 2_048;

// Two transactions of which one decides about a patient of the other go one after the other: the later one sees what the
// earlier one wrote. Those that only write the patient's records do not wait for each other.
const lockPatients = sql({
  sqlite: "select 1",
  postgres: `
    select case when l.decides then pg_advisory_xact_lock(7422, l.place)
      else pg_advisory_xact_lock_shared(7422, l.place) end
    from (
      select (hashtextextended(p.id, 0) & ${patientLocks - 1})::integer as place, bool_or(p.decides) as decides
      from (
        select json_array_elements_text($1::json) as id, false as decides
        union all select json_array_elements_text($2::json), true
      ) as p
      group by 1 order by 1
    ) as l`,
});

/**
 * Keeps who is in which catchment true: each transaction that writes records decides, before it commits, about the
 * patients whom its writes concern, and says to which streams its events belong.
 *
 * 1. While records are written, the patients are noted whom the rules may now judge otherwise.
 * 2. Before the commit, their facts are gathered and every rule is asked about each, unless it is plain that its answer
 *    is the one of before.
 * 3. Who enters or leaves is kept, announced in the stream of the catchment, and audited.
 * 4. The transaction's events get their streams by the memberships as they now are.
 */
export class Memberships {
  readonly #options: MembershipsOptions;
  readonly #rules: RuleBook;
  readonly #places: PlaceTree;
  readonly #touched = new TouchedPatients();

  constructor(options: MembershipsOptions) {
    this.#options = options;
    this.#rules = new RuleBook(options.strategies ?? []);
    this.#places = new PlaceTree(options.store);
  }

  /** The rules, read by this node's strategies. */
  get rules(): RuleBook {
    return this.#rules;
  }

  /** Begins to note what is written, and to decide about it before its events are. */
  listen(bus: EventBus): void {
    this.#options.outbox.onWriting((tx) => this.#settle(tx));
    bus.on(resourceSaved.any, "within-transaction", (event, tx) => this.#note(tx, event));
    bus.on(resourceDeleted, "within-transaction", (event, tx) => this.#note(tx, event));
  }

  /** The streams of an event, to be asked for when the events are written. */
  streamsOf(tx: Transaction, event: RecordEvent): () => readonly string[] {
    const touched = this.#touched.of(tx);
    return () => {
      if (collectiveTypes.has(event.key.type)) return everythingOnly;
      if (event.patient !== null) return touched.streams.get(event.patient) ?? everythingOnly;
      return touched.metadataTypes.has(event.key.type) ? everythingAndMetadata : everythingOnly;
    };
  }

  /**
   * Decides about some patients anew, within a transaction, as a pass over all of them does; returns how many
   * patients entered or left. Without `only`, every catchment's rule is asked.
   */
  async decide(tx: Transaction, patients: readonly string[], only?: string): Promise<number> {
    const state = await readCatchmentState(tx);
    const rules = await this.#rules.read(tx, state.generation);
    const due = { patients: new Set(patients), known: new Map() };
    const { drafts } = await this.#decide(tx, patients, due, rules, this.#sourcesAt(state.places), only);
    for (const draft of drafts) this.#options.outbox.append(tx, draft);
    return drafts.length;
  }

  /** What each rule, or one that is only being considered, says about some patients; writes nothing. */
  async ask(
    reader: Reader,
    patients: readonly string[],
    rules: ReadRules,
  ): Promise<ReadonlyMap<string, boolean | undefined>[]> {
    const { places } = await readCatchmentState(reader);
    const facts = await gatherFacts(reader, patients, rules.needs, this.#sourcesAt(places));
    return facts.map(
      (fact) =>
        new Map(
          rules.catchments.map(({ name, criterion }) => [
            name,
            // Who is not here is in no catchment; a rule that only excludes would otherwise hold of anybody.
            fact.body === undefined ? false : criterion?.holds(fact),
          ]),
        ),
    );
  }

  /** Lets a patient leave every catchment, since this node does not hold the patient any more. */
  async leaveAll(tx: Transaction, patient: string, reason: string): Promise<void> {
    const leaving = (await membershipsOf(tx, [patient])).filter(({ state }) => state !== "left");
    const left = leaving.map((one) => ({ ...one, state: "left" as const, since: this.#options.clock.now(), reason }));
    for (const draft of await this.#change(tx, left)) this.#options.outbox.append(tx, draft);
  }

  #note(tx: Transaction, event: RecordEvent): void {
    const touched = this.#touched.of(tx);
    const { key, patient } = event;
    if (patient !== null) noteRecord(touched, patient, event);
    if (placeTypes.has(key.type)) {
      touched.hasPlaces = true;
      touched.places ??= new PlaceTree(this.#options.store);
    }
    if (key.type === "Group") touched.groups.push({ key, version: event.version });
    const former = "formerPatient" in event ? event.formerPatient : null;
    if (former !== null && former !== patient && !collectiveTypes.has(key.type))
      touched.moved.push({ key, former, patient });
  }

  async #settle(tx: Transaction): Promise<readonly EventDraft[]> {
    const noted = this.#touched.take(tx);
    if (!noted) return [];
    const state = await readCatchmentState(tx);
    for (const type of state.metadataTypes) noted.metadataTypes.add(type);
    if (state.generation === 0) return [];
    const rules = await this.#rules.read(tx, state.generation);
    const generation = noted.hasPlaces ? await this.#placesChanged(tx, state.places, rules) : state.places;
    const sources = this.#sourcesAt(generation, noted.places);
    const due = await findDuePatients(tx, noted, rules, sources);
    const concerned = new Set([...noted.patients.keys(), ...due.patients, ...noted.moved.map(({ former }) => former)]);
    if (concerned.size === 0) return [];
    for (const patient of concerned) noted.streams.delete(patient);
    const { memberships, drafts } = await this.#decide(tx, [...concerned], due, rules, sources);
    for (const { patient, catchment, state: how } of memberships) {
      if (how !== "member") continue;
      noted.streams.set(patient, [...(noted.streams.get(patient) ?? everythingOnly), catchmentStream(catchment)]);
    }
    return [...drafts, ...noted.moved.flatMap((moved) => moveDrafts(moved, noted.streams))];
  }

  /** Other places than before: the rules that rest on them are asked about all patients, in passes of their own. */
  async #placesChanged(tx: Transaction, places: number, rules: ReadRules): Promise<number> {
    await countPlaceChange(tx);
    for (const { name, criterion } of rules.catchments) {
      if (criterion?.needs.places?.length) await beginPass(tx, name, this.#options.clock.now());
    }
    return places + 1;
  }

  #sourcesAt(placesGeneration: number, places = this.#places): DueSources {
    return { store: this.#options.store, places, placesGeneration };
  }

  async #decide(
    tx: Transaction,
    concerned: readonly string[],
    { patients, known: answers }: DuePatients,
    rules: ReadRules,
    sources: DueSources,
    only?: string,
  ): Promise<{ readonly memberships: readonly Membership[]; readonly drafts: readonly EventDraft[] }> {
    const asked = [...patients, ...answers.keys()];
    if (tx.dialect === "postgres") await tx.all(lockPatients, [JSON.stringify(concerned), JSON.stringify(asked)]);
    const before = await membershipsOf(tx, concerned);
    const known = new Map(before.map((one) => [nameOf(one), one]));
    const stateOf = (patient: string, catchment: string) => known.get(nameOf({ catchment, patient }))?.state;
    const due = [...patients, ...whoIsMoved(answers, stateOf)];
    if (due.length === 0) return { memberships: before, drafts: [] };
    const { clock } = this.#options;
    const facts = await gatherFacts(tx, due, rules.needs, sources);
    const changes: Membership[] = [];
    for (const fact of facts) {
      // A deleted patient stays where the patient was, so that whoever holds the records learns of the deletion.
      if (fact.body === undefined) continue;
      for (const { name, version, criterion } of rules.catchments) {
        if (only !== undefined && name !== only) continue;
        const place = { catchment: name, patient: fact.patient };
        const decision = decideMembership(stateOf(fact.patient, name), criterion?.holds(fact));
        if (decision.kind === "stays") continue;
        changes.push({ ...place, state: states[decision.kind], since: clock.now(), reason: `rule ${version}` });
      }
    }
    for (const change of changes) known.set(nameOf(change), change);
    return { memberships: [...known.values()], drafts: await this.#change(tx, changes) };
  }

  /** Keeps changes, audits them, and returns what is to be announced. */
  async #change(tx: Transaction, changes: readonly Membership[]): Promise<readonly EventDraft[]> {
    if (changes.length === 0) return [];
    const { nodeId } = this.#options;
    await putMemberships(tx, changes);
    const drafts: EventDraft[] = [];
    const audit: AuditDraft[] = [];
    for (const { catchment, patient, state, since } of changes) {
      if (state !== "suspended") {
        drafts.push(
          membershipDraft(catchment, { type: "Patient", id: patient }, state === "member" ? "enter" : "exit"),
        );
      }
      audit.push(
        auditDraft({
          at: since,
          actor: nodeId,
          operation: "configure",
          reference: `Patient/${patient}`,
          operationId: catchment,
          outcome: { member: "entered", suspended: "suspended", left: "left" }[state],
        }),
      );
    }
    await appendAudit(tx, nodeId, audit);
    const entered = changes.filter(({ state }) => state === "member").map(({ patient }) => patient);
    return [...drafts, ...(await draftsOfOpenConflicts(tx, entered))];
  }
}

/** Notes what a write of a patient's record is to the rules. */
function noteRecord({ patients }: Noted, patient: string, event: RecordEvent): void {
  const noted = patients.get(patient) ?? { types: new Set(), visits: [] };
  patients.set(patient, noted);
  const source = presenceSources.get(event.key.type);
  if (source && event.version === 1 && "resource" in event) noted.visits.push({ source, resource: event.resource });
  else noted.types.add(event.key.type);
}

/** Of patients about whom some rules' answers are known, those whose memberships these change. */
function whoIsMoved(
  answers: DuePatients["known"],
  stateOf: (patient: string, catchment: string) => MemberState | undefined,
): string[] {
  const moved = [...answers].filter(([patient, byCatchment]) =>
    [...byCatchment].some(([name, holds]) => decideMembership(stateOf(patient, name), holds).kind !== "stays"),
  );
  return moved.map(([patient]) => patient);
}

/** A record that is another patient's now leaves the catchments that have only the patient whose it was. */
function moveDrafts(
  { key, former, patient }: Noted["moved"][number],
  streams: ReadonlyMap<string, readonly string[]>,
): readonly EventDraft[] {
  const now = new Set((patient === null ? undefined : streams.get(patient)) ?? everythingOnly);
  const left = (streams.get(former) ?? []).filter((stream) => !now.has(stream));
  return left.length === 0 ? [] : [{ ...membershipDraft("", key, "exit"), streams: left }];
}

const states = { enters: "member", leaves: "left", "is-suspended": "suspended" } as const satisfies Record<
  string,
  MemberState
>;

function nameOf({ catchment, patient }: Pick<Membership, "catchment" | "patient">): string {
  return `${catchment}/${patient}`;
}

/** That a patient, or a single record, comes into a catchment or goes out of it. */
function membershipDraft(catchment: string, entity: ResourceKey, operation: "enter" | "exit"): EventDraft {
  return {
    eventType: operation === "enter" ? "catchment.entered" : "catchment.left",
    category: "catchment",
    title: "Catchment",
    content: `${entity.type}/${entity.id}`,
    orderKey: `${entity.type}/${entity.id}`,
    streams: [catchmentStream(catchment)],
    entity,
    version: 1,
    operation,
  };
}
