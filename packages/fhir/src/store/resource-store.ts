import type { Resource } from "@medplum/fhirtypes";
import type { Reader, Transaction } from "@tributary/database";
import type { EventBus } from "@tributary/events";
import { type Clock, type NodeId, TributaryError } from "@tributary/kernel";
import { patientOf } from "../definitions/patient-compartment.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../model/json-value.ts";
import { type ResourceKey, referenceTo } from "../model/resource-key.ts";
import { writeSearchIndex } from "../search/index/write-search-index.ts";
import { appendVersions, type NewVersion } from "./append-versions.ts";
import { bodyHashOf } from "./body-hash.ts";
import { type Decision, decideDelete, decideSave } from "./decide-change.ts";
import { lockRecords } from "./locked-records.ts";
import { rememberAbsences } from "./promised-absences.ts";
import { type HistoryEntry, type HistoryRequest, readHistory } from "./read-history.ts";
import { readCurrent, readCurrentOfMany, readOneVersion } from "./read-versions.ts";
import { type RecordState, statesOf } from "./record-state.ts";
import type { ApplyOutcome, IncomingVersion, ResourceChange, SaveChange, WriteOutcome } from "./resource-change.ts";
import { resourceDeleted, savedOf } from "./resource-events.ts";
import type { StoredVersion } from "./stored-version.ts";

/** Whose records a store keeps, and whom it tells of changes. */
export interface ResourceStoreOptions {
  /** This node: the origin of all that is written here. */
  readonly nodeId: NodeId;
  readonly bus: EventBus;
  readonly clock: Clock;
}

/** A version to write, with its parsed content. */
interface Written {
  readonly at: number;
  readonly version: NewVersion;
  readonly resource: JsonObject | undefined;
  readonly changeSet: string | undefined;
}

/**
 * The records of one node, each with its linear history, their search index, and the telling of what changed.
 *
 * A change, its version, its index rows and its event are one transaction. Writers of one record wait for each other;
 * a call handles any number of records with a handful of statements, none of them twice.
 */
export class ResourceStore {
  /** Where changes are told; what belongs to the records, such as conflicts about them, is told there too. */
  readonly bus: EventBus;
  readonly #nodeId: NodeId;
  readonly #clock: Clock;

  constructor(options: ResourceStoreOptions) {
    this.#nodeId = options.nodeId;
    this.bus = options.bus;
    this.#clock = options.clock;
  }

  /** The current version, a deletion included; `undefined` when there never was such a record. */
  read(reader: Reader, key: ResourceKey): Promise<StoredVersion | undefined> {
    return readCurrent(reader, key);
  }

  readVersion(reader: Reader, key: ResourceKey, version: number): Promise<StoredVersion | undefined> {
    return readOneVersion(reader, key, version);
  }

  /** The current versions by `Type/id`, in one statement; records that never were are absent. */
  readMany(reader: Reader, keys: readonly ResourceKey[]): Promise<ReadonlyMap<string, StoredVersion>> {
    return readCurrentOfMany(reader, keys);
  }

  /** A page of the history of a record, a type or the node, newest first. */
  history(reader: Reader, request: HistoryRequest): Promise<HistoryEntry[]> {
    return readHistory(reader, request);
  }

  /**
   * The current versions by `Type/id`, which nobody else can change before this transaction ends. When somebody creates
   * one that was absent, and this transaction then writes it, the transaction is begun again.
   */
  async readForChange(tx: Transaction, keys: readonly ResourceKey[]): Promise<ReadonlyMap<string, StoredVersion>> {
    const locked = await lockRecords(tx, keys, []);
    rememberAbsences(
      tx,
      keys.filter((key) => !locked.has(referenceTo(key))),
    );
    return readCurrentOfMany(
      tx,
      keys.filter((key) => locked.has(referenceTo(key))),
    );
  }

  /**
   * Makes changes on this node and publishes them. The outcomes stand in the order of the changes; a change whose
   * expectation does not hold is left out, and the others are made: the caller rolls back if it wants all or none.
   */
  async write(tx: Transaction, changes: readonly ResourceChange[]): Promise<readonly WriteOutcome[]> {
    const now = this.#clock.now();
    const states = await statesOf(tx, changes, mayCreate);
    const outcomes = new Array<WriteOutcome>(changes.length);
    const written: Written[] = [];
    for (const [at, change] of changes.entries()) {
      const state = states(change.key);
      const bodyHash = change.kind === "save" ? bodyHashOf(change.body) : null;
      const decision =
        bodyHash === null
          ? decideDelete(state, (change as Exclude<ResourceChange, SaveChange>).expected)
          : decideSave(state, bodyHash, change.expected);
      if (decision.kind !== "write") {
        outcomes[at] = decision;
        continue;
      }
      const resource = change.kind === "save" ? change.resource : undefined;
      const version: NewVersion = {
        ...placeOf(change.key, state, decision, resource),
        body: change.kind === "save" ? change.body : undefined,
        bodyHash,
        originNode: this.#nodeId,
        originVersion: decision.version,
        originOperation: change.changeSet ?? tx.id,
        author: change.author ?? null,
      };
      written.push({ at, version, resource, changeSet: change.changeSet });
      outcomes[at] = { kind: outcomeKinds[decision.operation], version: { ...version, lastUpdated: now } };
    }
    await this.#keep(tx, written, now);
    return outcomes;
  }

  /**
   * Takes over versions made on other nodes: id, content and origin are kept, and the events carry the foreign origin.
   * A version whose content is the current one already writes nothing and tells nobody. Which of two versions is the
   * later one is the caller's to know.
   *
   * Throws `REMOTE_NONSENSE` when a body is not what its hash says, or is no resource of that type and id.
   */
  async apply(tx: Transaction, incoming: readonly IncomingVersion[]): Promise<readonly ApplyOutcome[]> {
    const now = this.#clock.now();
    const states = await statesOf(tx, incoming, ({ body }) => body !== undefined);
    const outcomes = new Array<ApplyOutcome>(incoming.length);
    const written: Written[] = [];
    for (const [at, one] of incoming.entries()) {
      const state = states(one.key);
      const bodyHash = one.body === undefined ? null : bodyHashOf(one.body);
      if (bodyHash !== one.bodyHash && bodyHash !== null) throw nonsense(one.key, "its body does not have its hash");
      const decision = bodyHash === null ? decideDelete(state, undefined) : decideSave(state, bodyHash, undefined);
      if (decision.kind !== "write") {
        outcomes[at] = { kind: "unchanged" };
        continue;
      }
      const resource = one.body === undefined ? undefined : parseIncoming(one.key, one.body);
      const version: NewVersion = {
        ...placeOf(one.key, state, decision, resource),
        body: one.body,
        bodyHash,
        originNode: one.origin.node,
        originVersion: one.origin.version,
        originOperation: one.origin.operation,
        author: one.author ?? null,
      };
      written.push({ at, version, resource, changeSet: one.changeSet });
      outcomes[at] = { kind: "applied", version: decision.version };
    }
    await this.#keep(tx, written, now);
    return outcomes;
  }

  async #keep(tx: Transaction, written: readonly Written[], now: number): Promise<void> {
    if (written.length === 0) return;
    const keys = await appendVersions(
      tx,
      written.map(({ version }) => version),
      now,
    );
    await writeSearchIndex(
      tx,
      written.map(({ version, resource }, index) => ({
        resourceKey: keys[index]!,
        type: version.key.type,
        resource,
        isNew: version.version === 1,
      })),
    );
    for (const one of written) await this.#publish(tx, one);
  }

  #publish(tx: Transaction, { version, resource, changeSet }: Written): Promise<void> {
    const set = changeSet === undefined ? {} : { changeSet };
    const { key, version: number, operation, bodyHash, originNode, originOperation, patient, formerPatient } = version;
    if (operation === "delete") {
      const event = { key, version: number, originNode, originOperation, patient, ...set };
      return this.bus.publish(tx, resourceDeleted, event);
    }
    return this.bus.publish(tx, savedOf(key.type), () => ({
      key,
      version: number,
      operation,
      resource: resource as unknown as Resource,
      bodyHash: bodyHash ?? "",
      originNode,
      originOperation,
      patient,
      formerPatient,
      ...set,
    }));
  }
}

const outcomeKinds = { create: "created", update: "updated", delete: "deleted" } as const;

function mayCreate(change: ResourceChange): boolean {
  return change.kind === "save" && typeof change.expected !== "number";
}

function placeOf(
  key: ResourceKey,
  { locked }: RecordState,
  { version, operation }: Extract<Decision, { kind: "write" }>,
  resource: JsonObject | undefined,
) {
  const formerPatient = locked?.patient ?? null;
  const patient = resource ? patientOf(resource) : formerPatient;
  return { key, resourceKey: locked?.resourceKey, version, operation, patient, formerPatient };
}

function parseIncoming(key: ResourceKey, body: string): JsonObject {
  let value: JsonValue;
  try {
    value = JSON.parse(body) as JsonValue;
  } catch {
    throw nonsense(key, "its body is no JSON");
  }
  if (!isJsonObject(value) || value["resourceType"] !== key.type || value["id"] !== key.id) {
    throw nonsense(key, "its body is another resource");
  }
  return value;
}

function nonsense(key: ResourceKey, what: string): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", `A version of ${referenceTo(key)} was refused: ${what}.`);
}
