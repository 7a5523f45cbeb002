import { describe, expect, it } from "vitest";
import { findGuaranteeGaps } from "./check-guarantees.ts";

const tests = [{ path: "tests/a.test.ts", text: 'it("[S1] keeps its word", () => {});' }];
const others = Array.from({ length: 20 }, (_, at) =>
  promise(`I${at + 2} Holds.`, '`tests/a.test.ts`: "[S1] keeps'),
).join("");

function promise(name: string, proof: string): string {
  return `**${name}** Always.\n\n- ${proof}"\n\n`;
}

describe("the page of guarantees", () => {
  it.each([
    ["whose tests exist", promise("I1 Holds.", '`tests/a.test.ts`: "[S1] keeps its word'), []],
    ["that names a file which is no test", promise("I1 Holds.", '`tests/b.test.ts`: "[S1]'), ["which is no test"]],
    ["that names a test which is not there", promise("I1 Holds.", '`tests/a.test.ts`: "breaks it'), ["not there"]],
    ["with a promise without a test", "**I1 Holds.** Believe it.\n\n", ["names no test"]],
    ["without one of the invariants", promise("I99 Holds.", '`tests/a.test.ts`: "[S1]'), ["does not tell of I1."]],
  ])("%s is told so", (_, first, told) => {
    const gaps = findGuaranteeGaps(`# Guarantees\n\n${first}${others}`, tests);

    expect(gaps).toEqual(told.map((part) => expect.stringContaining(part)));
  });
});
