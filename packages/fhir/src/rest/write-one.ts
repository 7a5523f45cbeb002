import type { Transaction } from "@tributary/database";
import { refusal } from "../model/fhir-refusal.ts";
import { type ResourceKey, referenceTo } from "../model/resource-key.ts";
import type { ResourceChange, WriteOutcome } from "../store/resource-change.ts";
import type { FhirNode } from "./fhir-request.ts";
import { entityTag } from "./preconditions.ts";

/** What came of a change that was made. */
export type MadeOutcome = Exclude<WriteOutcome, { kind: "version-mismatch" }>;

/** Makes one change in the caller's transaction. Throws as `made` does. */
export async function writeOne(
  tx: Transaction,
  { write }: FhirNode,
  change: ResourceChange,
  refusedWith: 409 | 412 = 412,
): Promise<MadeOutcome> {
  const [outcome] = await write(tx, [change]);
  return made(outcome!, change.key, refusedWith);
}

/**
 * The outcome of a change that was made. Throws a refusal when its condition did not hold: 412 for a condition of the
 * client's, 409 for an id that a conditional update found taken.
 */
export function made(outcome: WriteOutcome, key: ResourceKey, refusedWith: 409 | 412 = 412): MadeOutcome {
  if (outcome.kind !== "version-mismatch") return outcome;
  const now = outcome.current === undefined ? "does not exist" : `is at version ${entityTag(outcome.current)}`;
  throw refusal(
    refusedWith,
    "conflict",
    `The condition does not hold: ${referenceTo(key)} ${now}. Read it and try again.`,
  );
}
