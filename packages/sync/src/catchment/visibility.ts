import type { Reader } from "@tributary/database";
import { patientsOfRecords, type ResourceKey, referenceTo } from "@tributary/fhir";
import { catchmentStream, everythingCatchment } from "./catchment-name.ts";
import { readCatchmentState } from "./catchment-state.ts";
import { type ChildAssignment, readAssignment } from "./child-assignments.ts";
import { grantsAmong } from "./guest-grants.ts";
import { memberIds, membersAmong } from "./members.ts";
import { collectiveTypes, metadataStream } from "./metadata-types.ts";

/**
 * What one child may see of this node. Everything that a child is told (entries, bodies, conflicts, counts, verdicts) is
 * asked here first; what is not allowed is denied.
 */
export interface Visibility {
  /** The catchment that the child is assigned to; `undefined` for none, which sees nothing. */
  readonly catchment: string | undefined;
  /** Whether nothing is kept from it, so that a caller may leave questions out. */
  readonly isEverything: boolean;
  /** The stream that announces the child's records; empty for a child without a catchment. */
  readonly mainStream: string;
  /** From where on it may read that stream: what was announced before was not announced to it. */
  readonly from: { readonly epoch: string; readonly position: number };
  /** Every stream of records that the child may read, the main one included. */
  readonly streams: ReadonlySet<string>;
  /** Of some records those, as `Type/id`, whose content the child may have now. */
  mayRead(reader: Reader, keys: readonly ResourceKey[]): Promise<ReadonlySet<string>>;
  /** Of some patients, by id, those whose records the child may have now. */
  mayHold(reader: Reader, patients: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Patients in the child's catchment by id, at most `limit` of them behind `after`; guests are not among them. Not to be
   * asked of a child that sees everything.
   */
  patients(reader: Reader, after: string | undefined, limit: number): Promise<readonly string[]>;
}

/**
 * What a child may see now. Read it anew for each request: an operator may change it at any time. Guests, whom a child
 * may have for a while, count only where `now` is given.
 */
export async function visibilityOf(reader: Reader, node: string, now?: number): Promise<Visibility> {
  const assignment = await readAssignment(reader, node);
  if (!assignment) return nothing;
  return assignment.catchment === everythingCatchment ? everythingFrom(assignment) : within(assignment, now);
}

const nothing: Visibility = {
  catchment: undefined,
  isEverything: false,
  mainStream: "",
  from: { epoch: "", position: 0 },
  streams: new Set(),
  mayRead: async () => new Set(),
  mayHold: async () => new Set(),
  patients: async () => [],
};

/** A child with everything may read the stream from its beginning: nothing in it was ever kept from it. */
function everythingFrom({ catchment }: ChildAssignment): Visibility {
  const mainStream = catchmentStream(catchment);
  return {
    catchment,
    isEverything: true,
    mainStream,
    from: { epoch: "", position: 0 },
    streams: new Set([mainStream]),
    mayRead: async (_, keys) => new Set(keys.map(referenceTo)),
    mayHold: async (_, patients) => new Set(patients),
    patients: async () => [],
  };
}

function within({ node, catchment, fromEpoch, fromPosition }: ChildAssignment, now: number | undefined): Visibility {
  const mainStream = catchmentStream(catchment);

  async function mayHold(reader: Reader, patients: readonly string[]): Promise<ReadonlySet<string>> {
    const members = await membersAmong(reader, catchment, patients);
    if (now === undefined || members.size === patients.length) return members;
    const granted = await grantsAmong(reader, node, patients);
    return new Set([...members, ...[...granted].filter(([, until]) => now < until).map(([patient]) => patient)]);
  }

  async function mayRead(reader: Reader, keys: readonly ResourceKey[]): Promise<ReadonlySet<string>> {
    const patients = await patientsOfRecords(reader, keys);
    const named = new Set([...patients.values()].filter((patient) => patient !== null));
    const held = await mayHold(reader, [...named]);
    const { metadataTypes } = await readCatchmentState(reader);
    const readable = keys.filter((key) => {
      const patient = patients.get(referenceTo(key));
      if (patient === undefined || collectiveTypes.has(key.type)) return false;
      return patient === null ? metadataTypes.has(key.type) : held.has(patient);
    });
    return new Set(readable.map(referenceTo));
  }

  return {
    catchment,
    isEverything: false,
    mainStream,
    from: { epoch: fromEpoch, position: fromPosition },
    streams: new Set([mainStream, metadataStream]),
    mayRead,
    mayHold,
    patients: (reader, after, limit) => memberIds(reader, catchment, after ?? "", limit),
  };
}
