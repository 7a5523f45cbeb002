import { expect, it } from "vitest";
import { type CheckStep, checkSteps, runChecks } from "./check.ts";

const steps: readonly CheckStep[] = [
  { name: "first", command: ["one"] },
  { name: "second", command: ["two"] },
  { name: "tests", command: ["three"], isSlow: true },
];

function runWith(isFast: boolean, failing?: string) {
  const printed: string[] = [];
  const ran: string[] = [];
  const passed = runChecks(steps, {
    isFast,
    run: ({ name }) => {
      ran.push(name);
      return { passed: name !== failing, output: `what ${name} said\n` };
    },
    print: (line) => void printed.push(line),
    now: () => 0,
  });
  return { passed, ran, printed };
}

it("runs every step in order and prints a line each", () => {
  const { passed, ran, printed } = runWith(false);

  expect(passed).toBe(true);
  expect(ran).toEqual(["first", "second", "tests"]);
  expect(printed.map((line) => line.split(/\s+/).slice(0, 2))).toEqual([
    ["ok", "first"],
    ["ok", "second"],
    ["ok", "tests"],
  ]);
});

it("stops at the first failure and shows what it said", () => {
  const { passed, ran, printed } = runWith(false, "second");

  expect(passed).toBe(false);
  expect(ran).toEqual(["first", "second"]);
  expect(printed.at(-1)).toBe("what second said");
});

it("leaves the tests out when it is to be fast", () => {
  expect(runWith(true).ran).toEqual(["first", "second"]);
});

it("ends with the tests", () => {
  expect(checkSteps.at(-1)?.command).toEqual(["vitest", "run"]);
});
