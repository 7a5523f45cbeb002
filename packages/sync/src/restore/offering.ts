import { type AuditDraft, auditDraft } from "@tributary/audit";
import type { Database, Reader } from "@tributary/database";
import { patientsOfRecords, type ResourceKey, type ResourceStore } from "@tributary/fhir";
import type { Clock, NodeId, Random } from "@tributary/kernel";
import { departedAmong } from "../catchment/follow/departures.ts";
import { guestsAmong } from "../catchment/follow/guest-patients.ts";
import type { ParentConnection } from "../pull/parent-connection.ts";
import type { ParentSource } from "../pull/parent-source.ts";

/** What it takes to offer a restored parent what it has lost. */
export interface OfferOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly parent: string;
  readonly stream: string;
  readonly connection: ParentConnection;
  readonly source: ParentSource;
  readonly clock: Clock;
  readonly random: Random;
  /** Left out, the pull goes on from the common place; a child that takes its catchment up anew goes on from elsewhere. */
  readonly keepsMarker?: boolean;
}

/** Records that are here and that no parent lists, by `Type/id`: of guests, and of who has left and is kept. */
export function borrowedAmong(reader: Reader, bases: readonly ResourceKey[]): Promise<ReadonlySet<string>> {
  return recordsOf(reader, bases, async (patients) => [
    ...(await guestsAmong(reader, patients)),
    ...(await departedAmong(reader, patients)),
  ]);
}

/** Records of guests that are here, by `Type/id`. */
export function recordsOfGuests(reader: Reader, bases: readonly ResourceKey[]): Promise<ReadonlySet<string>> {
  return recordsOf(reader, bases, (patients) => guestsAmong(reader, patients));
}

async function recordsOf(
  reader: Reader,
  bases: readonly ResourceKey[],
  among: (patients: readonly string[]) => Promise<Iterable<string>>,
): Promise<ReadonlySet<string>> {
  const patients = await patientsOfRecords(reader, bases);
  const named = [...new Set([...patients.values()].filter((patient) => patient !== null))];
  const chosen = new Set(await among(named));
  return new Set([...patients].flatMap(([name, patient]) => (patient !== null && chosen.has(patient) ? [name] : [])));
}

/** What the audit trail keeps of a parent that has lost something: of the whole link, or of one record sent again. */
export function auditOf(
  reference: string | null,
  outcome: string,
  { parent, clock }: Pick<OfferOptions, "parent" | "clock">,
): AuditDraft {
  return auditDraft({
    at: clock.now(),
    actor: parent,
    operation: reference === null ? "pull" : "push",
    reference,
    link: parent,
    outcome,
  });
}
