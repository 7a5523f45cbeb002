import { defaultPolicies } from "./default-policies.ts";
import type { MergePolicy, MergeStrategy, PolicyRule } from "./merge-policy.ts";

/** Policies made ready for asking. */
export interface PolicyTable {
  /** The rule for the whole record of a type as one thing; `merge` leaves it to its elements. */
  ofRecord(type: string): MergePolicy | MergeStrategy;
  /** The rule for one element, given as a path below the resource. */
  ofElement(type: string, path: string): MergePolicy | MergeStrategy;
}

const tables = new WeakMap<readonly PolicyRule[], PolicyTable>();

/**
 * The table of a site's rules before the default ones. Of several rules the more exact one holds: type and element,
 * type and `*`, `*` and element, `*` and `*`; of two that are equally exact the first. Made once for each list.
 */
export function policyTableOf(siteRules: readonly PolicyRule[]): PolicyTable {
  let table = tables.get(siteRules);
  if (!table) {
    table = makeTable([indexOf(siteRules), indexOf(defaultPolicies)]);
    tables.set(siteRules, table);
  }
  return table;
}

type RuleIndex = ReadonlyMap<string, MergePolicy | MergeStrategy>;

function makeTable(indexes: readonly RuleIndex[]): PolicyTable {
  const known = new Map<string, MergePolicy | MergeStrategy>();
  const find = (type: string, element: string | undefined): MergePolicy | MergeStrategy => {
    const key = keyOf(type, element);
    let policy = known.get(key);
    if (policy === undefined) {
      const keys = element === undefined ? recordKeys(type) : elementKeys(type, element);
      policy = indexes.flatMap((index) => keys.flatMap((one) => index.get(one) ?? []))[0] ?? "merge";
      known.set(key, policy);
    }
    return policy;
  };
  return { ofRecord: (type) => find(type, undefined), ofElement: find };
}

function indexOf(rules: readonly PolicyRule[]): RuleIndex {
  return new Map(rules.toReversed().map(({ type, element, policy }) => [keyOf(type, element), policy]));
}

function recordKeys(type: string): string[] {
  return [keyOf(type, undefined), keyOf("*", undefined)];
}

function elementKeys(type: string, element: string): string[] {
  return [keyOf(type, element), keyOf(type, "*"), keyOf("*", element), keyOf("*", "*")];
}

function keyOf(type: string, element: string | undefined): string {
  return element === undefined ? type : `${type}.${element}`;
}
