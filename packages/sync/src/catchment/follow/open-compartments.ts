import type { Reader, Transaction } from "@tributary/database";
import type { StreamEntry } from "../../stream/stream-entry.ts";
import { fetchesAmong } from "./compartment-fetches.ts";
import { gatherAgain } from "./gathered-records.ts";

/** Entries, and who comes into the catchment by others that stand before them and have not been applied yet. */
interface Announced {
  readonly parent: string;
  readonly entries: readonly StreamEntry[];
  readonly entering: ReadonlyMap<string, unknown>;
}

/**
 * Tells of an entry whether what it announces comes with a patient's compartment: the patient is just coming into the
 * catchment, or the compartment has still to be fetched to its end. To take in such an entry by itself would show a part of
 * the patient before the rest.
 */
export async function whatComesWhole(
  reader: Reader,
  { parent, entries, entering }: Announced,
): Promise<(entry: StreamEntry) => boolean> {
  const fetched = await openAmong(reader, parent, entries);
  if (fetched.size + entering.size === 0) return () => false;
  const open = new Set([...fetched.keys(), ...entering.keys()]);
  // What is asked for by its name stands at no place of the stream, and comes at once.
  const isAnnounced = ({ movement, position }: StreamEntry) => movement === undefined && position > 0;
  return (entry) => isAnnounced(entry) && open.has(patientOfEntry(entry) ?? "");
}

/** Has what such entries announce read again at the end of its compartment, where a part of that has come already. */
export async function leaveToCompartments(
  tx: Transaction,
  parent: string,
  entries: readonly StreamEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const open = await openAmong(tx, parent, entries);
  const changed = new Map(
    entries.map((entry) => {
      const { type, id } = entry;
      return [`${type}/${id}`, { patient: patientOfEntry(entry) ?? "", type, id }];
    }),
  );
  await gatherAgain(
    tx,
    parent,
    [...changed.values()].filter(({ patient }) => typeof open.get(patient) === "string"),
  );
}

/** Patients whose compartments are open, with how far they have come; `null` for those that have still to be begun. */
async function openAmong(
  reader: Reader,
  parent: string,
  entries: readonly StreamEntry[],
): Promise<ReadonlyMap<string, string | null>> {
  const entering = entries.filter(({ movement, type }) => movement === "enter" && type === "Patient");
  const named = new Set(entries.map(patientOfEntry).filter((patient) => patient !== undefined));
  const fetches = await fetchesAmong(reader, parent, [...named]);
  return new Map([...fetches, ...entering.map(({ id }) => [id, null] as const)]);
}

function patientOfEntry({ type, id, orderKey }: StreamEntry): string | undefined {
  if (type === "Patient") return id;
  return orderKey?.startsWith("Patient/") ? orderKey.slice("Patient/".length) : undefined;
}
