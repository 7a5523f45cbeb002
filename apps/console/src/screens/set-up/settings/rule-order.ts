import type { SettingValues } from "./setting-key.ts";

type Rules = SettingValues["policies"];
type Rule = Rules[number];

/** How an element, or a whole record, is decided before and after a change; `undefined` is by the default rules. */
export interface DecidedOtherwise extends Pick<Rule, "type" | "element"> {
  readonly before: Rule["policy"] | undefined;
  readonly after: Rule["policy"] | undefined;
}

/** The rules with one of them at another place. Pure. */
export function moveRule(rules: Rules, from: number, to: number): Rules {
  const rule = rules[from];
  return rule === undefined ? rules : rules.toSpliced(from, 1).toSpliced(to, 0, rule);
}

/** The place of the rule because of which the one at `at` decides nothing: the first for the same, above it. Pure. */
export function overruledBy(rules: Rules, at: number): number | undefined {
  const first = rules.findIndex((rule) => keyOf(rule) === keyOf(rules[at]));
  return first < at ? first : undefined;
}

/** What is decided otherwise when `after` takes the place of `before`, in the order of the rules. Pure. */
export function decidedOtherwise(before: Rules, after: Rules): readonly DecidedOtherwise[] {
  const policyIn = (rules: Rules, key: string) => rules.find((rule) => keyOf(rule) === key)?.policy;
  const named = new Map([...after, ...before].map((rule) => [keyOf(rule), rule]));
  return [...named]
    .map(([key, { type, element }]) => ({
      type,
      ...(element === undefined ? {} : { element }),
      before: policyIn(before, key),
      after: policyIn(after, key),
    }))
    .filter((one) => one.before !== one.after);
}

function keyOf(rule: Rule | undefined): string {
  return JSON.stringify([rule?.type, rule?.element]);
}
