import type { Transaction } from "@tributary/database";
import { newUuid } from "@tributary/kernel";
import { refusal } from "../../model/fhir-refusal.ts";
import { parseResource } from "../../model/parse-resource.ts";
import { type ResourceKey, referenceTo } from "../../model/resource-key.ts";
import type { Expected } from "../../store/resource-change.ts";
import type { StoredVersion } from "../../store/stored-version.ts";
import type { FhirNode } from "../fhir-request.ts";
import { findMatch, lockCriteria } from "../match-criteria.ts";
import { readIfMatch } from "../preconditions.ts";
import { placeOfMatch, readExpected } from "../update.ts";
import type { WritePlan } from "./plan.ts";
import { within } from "./within.ts";

/** An entry that writes, and the record it writes to. */
export interface PlacedWrite {
  readonly plan: WritePlan;
  /** `undefined` for a conditional delete that matches nothing. */
  readonly key: ResourceKey | undefined;
  readonly expected: Expected | undefined;
  /** The record that keeps a conditional create from creating. */
  readonly match: StoredVersion | undefined;
}

/**
 * Finds the record of each write: the one it names, the one its criteria match, or a new one.
 *
 * Throws a refusal that names the entry: 400 when two entries write to one record, or by the same criteria create two;
 * 404 when there is nothing to patch; 412 when criteria match several.
 */
export async function resolveWrites(
  tx: Transaction,
  node: FhirNode,
  base: string,
  plans: readonly WritePlan[],
): Promise<readonly PlacedWrite[]> {
  const matches = await findMatches(tx, node, base, plans);
  const writtenBy = new Map<string, string>();
  return plans.map((plan) => {
    const placed = within(plan.asked.name, () => place(plan, node, matches.get(plan)));
    const target = placed.match ? undefined : nameOf(placed);
    const other = target === undefined ? undefined : writtenBy.get(target);
    if (other !== undefined) {
      throw refusal(400, "duplicate", `The entry and ${other} write to the same record.`, plan.asked.name);
    }
    if (target !== undefined) writtenBy.set(target, plan.asked.name);
    return placed;
  });
}

/** Two creations by the same criteria are one record, which only one of them may create. */
function nameOf({ plan, key }: PlacedWrite): string | undefined {
  if (plan.asked.method === "POST" && plan.criteria !== undefined) return `${plan.type}?${plan.criteria}`;
  return key && referenceTo(key);
}

async function findMatches(
  tx: Transaction,
  node: FhirNode,
  base: string,
  plans: readonly WritePlan[],
): Promise<ReadonlyMap<WritePlan, StoredVersion>> {
  const conditional = plans.filter(({ criteria }) => criteria !== undefined);
  // In one order everywhere, so that two transactions with the same criteria wait instead of deadlocking.
  const criteria = new Map(
    conditional.map(({ type, criteria }) => [`${type}?${criteria}`, { type, criteria: criteria! }]),
  );
  for (const name of [...criteria.keys()].sort()) {
    const one = criteria.get(name)!;
    await lockCriteria(tx, one.type, one.criteria);
  }
  const matches = new Map<WritePlan, StoredVersion>();
  for (const plan of conditional) {
    const key = await within(plan.asked.name, () => findMatch(node, tx, base, plan.type, plan.criteria!));
    const stored = key && (await node.store.read(tx, key));
    if (stored) matches.set(plan, stored);
  }
  return matches;
}

function place(plan: WritePlan, { clock, random }: FhirNode, match: StoredVersion | undefined): PlacedWrite {
  const { type, id, asked } = plan;
  const newId = () => newUuid(clock, random);
  switch (asked.method) {
    case "POST":
      if (match) return { plan, key: match.key, expected: undefined, match };
      return { plan, key: { type, id: newId() }, expected: "fresh", match: undefined };
    case "PUT": {
      const expected = readExpected(asked.headers);
      if (id !== undefined) return { plan, key: { type, id }, expected, match: undefined };
      const given = parseResource(asked.resource ?? "")["id"];
      const found = placeOfMatch(match?.key.id, given, newId);
      return { plan, key: { type, id: found.id }, expected: expected ?? found.expected, match: undefined };
    }
    default: {
      if (asked.method === "PATCH" && id === undefined && !match) {
        throw refusal(404, "not-found", `No resource matches ${type}?${plan.criteria}.`);
      }
      const key = id === undefined ? match?.key : { type, id };
      return { plan, key, expected: readIfMatch(asked.headers["if-match"]), match: undefined };
    }
  }
}
