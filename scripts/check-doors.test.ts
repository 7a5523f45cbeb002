import { expect, it } from "vitest";
import { findNamesWithoutSentence } from "./check-doors.ts";

function told(definition: string, list = "type Report, pull as ask") {
  return findNamesWithoutSentence([
    { path: "packages/sync/src/index.ts", text: `export { ${list} } from "./pull.ts";\n` },
    {
      path: "packages/sync/src/pull.ts",
      text: `/** What a pull came to. */\nexport interface Report {}\n\n${definition}`,
    },
  ]);
}

it("a name that a door gives has a sentence where it is defined", () => {
  expect(told("/** Pulls. */\nexport async function pull() {}\n")).toEqual([]);
  expect(told("export async function pull() {}\n")).toEqual([
    "packages/sync/src/pull.ts: pull stands in the door packages/sync/src/index.ts and has no TSDoc.",
  ]);
});

it("a name that is not given, or stands in no door, needs none", () => {
  expect(told("export const pull = 1;\n", "type Report")).toEqual([]);
  expect(findNamesWithoutSentence([{ path: "packages/sync/src/pull.ts", text: "export const pull = 1;\n" }])).toEqual(
    [],
  );
});
