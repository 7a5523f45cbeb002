import type { PolicyRule } from "./merge-policy.ts";

/**
 * A site's merge rules, asked before the default ones: a list, or where to ask for the list that holds now. One and the
 * same list should be told until it changes, since the table is made once for each.
 */
export type PolicySource = readonly PolicyRule[] | (() => readonly PolicyRule[]);

/** The rules that hold now; none without a source. */
export function rulesNow(source: PolicySource | undefined): readonly PolicyRule[] {
  return typeof source === "function" ? source() : (source ?? noRules);
}

const noRules: readonly PolicyRule[] = [];
