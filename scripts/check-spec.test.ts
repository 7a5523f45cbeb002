import { expect, it } from "vitest";
import { findDefectGaps, findSpecGaps, quotedIn, rulesOf } from "./check-spec.ts";

const spec = [
  "# Rules",
  "",
  "- **E1.** Events keep their order.",
  "### E2 No gaps",
  "| E3 | told once |",
  "As E9 says.",
].join("\n");

it("finds the rules that a specification defines, not those it mentions", () => {
  expect(rulesOf(spec)).toEqual(["E1", "E2", "E3"]);
});

it("finds the rules that test titles quote", () => {
  expect(quotedIn('it("[E1] a", f); it(`[E2, E3] b`, f); it(\n  "[E4][F5] c", f); const x = list["E6"]; [E7]')).toEqual(
    ["E1", "E2", "E3", "E4", "F5"],
  );
});

it("catches a rule without a test and a quoted rule that does not exist", () => {
  const tests = [{ path: "packages/events/src/a.test.ts", text: 'it("[E1] x"); it("[E3] y"); it("[E4] z");' }];

  expect(findSpecGaps([{ packageName: "events", text: spec, tests }])).toEqual([
    "packages/events/SPEC.md: no test of the package, of runtime or in tests/ quotes [E2].",
    "packages/events/src/a.test.ts: quotes [E4], which no SPEC.md has.",
  ]);
});

it("catches an id that is given twice", () => {
  const tests = [{ path: "packages/events/src/a.test.ts", text: 'it("[E1] x")' }];

  expect(findSpecGaps([{ packageName: "events", text: "- E1 a\n- E1 b", tests }])).toEqual([
    "packages/events/SPEC.md: has the rule E1 twice.",
  ]);
});

it("catches a known defect that no test names, and takes its name for no rule", () => {
  const titles = Array.from({ length: 14 }, (_, at) => `it("[SYNC2-${at + 1}] x"); it("[S95][SYNC2-7] y");`);

  expect(quotedIn(titles.join("\n"))).not.toContain("SYNC2-1");
  expect(findDefectGaps([{ path: "tests/a.test.ts", text: titles.join("\n") }])).toEqual([
    "No test names the known defect [SYNC2-15].",
  ]);
});
