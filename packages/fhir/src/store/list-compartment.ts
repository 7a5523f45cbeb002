import { type Reader, sql } from "@tributary/database";
import type { ResourceKey } from "../model/resource-key.ts";

const readSome = sql(`
  select type, id from resource
  where patient = $1 and (type, id) > ($2, $3)
  order by type, id
  limit $4`);

/**
 * The records of a patient's compartment behind a key, by type and id: the Patient itself, and every record that names it
 * as its patient. Deleted records are among them, since a deletion is news too.
 */
export function listCompartment(
  reader: Reader,
  patient: string,
  after: ResourceKey | undefined,
  limit: number,
): Promise<ResourceKey[]> {
  return reader.all<ResourceKey>(readSome, [patient, after?.type ?? "", after?.id ?? "", limit]);
}
