import { refusal } from "../../model/fhir-refusal.ts";
import type { Comparison } from "./condition.ts";

const comparisons = new Set<string>(["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"]);

/** Splits a value into its prefix and the rest: `ge2024-01` → `ge`, `2024-01`. Without a prefix it is `eq`. */
export function parseComparison(name: string, text: string): { comparison: Comparison; rest: string } {
  const found = /^([a-zA-Z]{2})(.*)$/s.exec(text);
  if (!found) return { comparison: "eq", rest: text };
  const [, prefix = "", rest = ""] = found;
  if (!comparisons.has(prefix)) {
    throw refusal(400, "value", `${name} has the prefix "${prefix}"; use one of ${[...comparisons].join(", ")}.`);
  }
  return { comparison: prefix as Comparison, rest };
}
