import type { Transaction } from "@tributary/database";
import type { ResourceKey, ResourceStore } from "@tributary/fhir";
import type { LinkBase } from "../pull/link-base.ts";
import type { RecordVerdict } from "./push-unit.ts";

type SentRecord = ResourceKey & { readonly version: number };

interface Settling {
  /** What was sent, what both ends have agreed on, by `Type/id`, and what the parent did. */
  readonly sent: ReadonlyMap<string, SentRecord>;
  readonly known: ReadonlyMap<string, LinkBase>;
  readonly verdicts: readonly RecordVerdict[];
}

/**
 * Those of some deletions that met another one at the parent, and after which the record was written anew here already. Who
 * wrote it had not heard of that other deletion, so that both ends have not agreed on it.
 */
export async function revivedUnheard(
  tx: Transaction,
  { sent, known, verdicts }: Settling,
  store: ResourceStore,
): Promise<ReadonlySet<SentRecord>> {
  const met = verdicts.flatMap(({ type, id, outcome, version }) => {
    const agreed = known.get(`${type}/${id}`)?.remoteVersion ?? 0;
    return outcome === "unchanged" && agreed > 0 && agreed < version ? (sent.get(`${type}/${id}`) ?? []) : [];
  });
  if (met.length === 0) return new Set();
  const here = await store.readMany(tx, met);
  const revived = new Set<SentRecord>();
  for (const record of met) {
    const current = here.get(`${record.type}/${record.id}`);
    if (!current || current.version === record.version || current.operation === "delete") continue;
    const before = await store.readVersion(tx, record, record.version);
    if (before?.operation === "delete") revived.add(record);
  }
  return revived;
}
