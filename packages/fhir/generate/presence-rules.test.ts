import { describe, expect, it } from "vitest";
import { presenceRules } from "./presence-rules.ts";

describe("presence rules read from constraints", () => {
  const cases: readonly (readonly [expression: string, rules: readonly string[]])[] = [
    ["a.exists() or b.exists() or c.exists()", ["k a|b|c"]],
    ["a.empty() or b.empty()", ["k -a|-b"]],
    ["a.exists() implies b.exists()", ["k -a|b"]],
    ["a.exists().not() or (b.exists() and a.exists())", ["k -a|b"]],
    ["a.exists() xor b.exists()", ["k -a|-b", "k a|b"]],
    ["a.exists() != b.exists()", ["k -a|-b", "k a|b"]],
    ["a.exists() = b.exists()", ["k -a|b", "k a|-b"]],
    ["(a.count() + b.count()) > 0", ["k a|b"]],
    ["(a.exists() or b.exists()) implies c.exists()", ["k -a|c", "k -b|c"]],
    ["(a.empty() xor b.exists()) and (a.exists() or c.exists())", ["k -a|b", "k a|-b", "k a|c"]],
    [
      "(c.exists() and a.empty() and b.empty()) or (c.empty() and (a.exists() xor b.exists()))",
      ["k -a|-b", "k -c|-a", "k -c|-b", "k c|a|b"],
    ],
  ];

  for (const [expression, rules] of cases) {
    it(expression, () => {
      expect(rulesOf(expression)).toEqual(rules);
    });
  }

  it("leave out what asks more than presence, names other elements, or only warns", () => {
    for (const expression of [
      "a = 'x'",
      "a.all(b.exists())",
      "a.exists() or d.exists()",
      "a.count() > 1",
      "a.exists() and",
      "(a.exists() or b.exists()",
      "a.exists() or b.startsWith('x')",
      "",
    ]) {
      expect(rulesOf(expression), expression).toEqual([]);
    }
    expect(rulesOf("a.exists() or b.exists()", "warning")).toEqual([]);
  });
});

function rulesOf(expression: string, severity: "error" | "warning" = "error"): string[] {
  return presenceRules([{ key: "k", severity, human: "", expression }], new Set(["a", "b[x]", "c"]));
}
