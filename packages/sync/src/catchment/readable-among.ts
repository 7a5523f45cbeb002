import type { Reader } from "@tributary/database";
import { type ResourceKey, referenceTo } from "@tributary/fhir";
import type { Visibility } from "./visibility.ts";

/** Of some records, in their order, those that a child may read now. */
export async function readableAmong<Named>(
  reader: Reader,
  visibility: Visibility,
  records: readonly Named[],
  keyOf: (record: Named) => ResourceKey,
): Promise<readonly Named[]> {
  if (visibility.isEverything || records.length === 0) return records;
  const readable = await visibility.mayRead(reader, records.map(keyOf));
  return records.filter((record) => readable.has(referenceTo(keyOf(record))));
}
