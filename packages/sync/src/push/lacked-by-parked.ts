import type { Reader } from "@tributary/database";
import { type ResourceKey, referenceTo } from "@tributary/fhir";
import { knownToChild } from "../catchment/serve/known-to-child.ts";
import type { Wait } from "./parked-units.ts";

/** Those of some waits that are not over: the record is not there for the child that sent the unit. */
export async function stillLacking(reader: Reader, waits: readonly Wait[]): Promise<Wait[]> {
  const lacking: Wait[] = [];
  for (const [child, some] of Map.groupBy(waits, ({ node }) => node)) {
    const known = await knownToChild(reader, child, uniqueKeys(some));
    lacking.push(...some.filter((wait) => !known.has(referenceTo(wait))));
  }
  return lacking;
}

function uniqueKeys(waits: readonly Wait[]): ResourceKey[] {
  return [...new Map(waits.map(({ type, id }) => [referenceTo({ type, id }), { type, id }])).values()];
}
