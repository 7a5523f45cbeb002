import { describe, expect, it } from "vitest";
import { Coverage, thingsToHappen } from "./coverage.ts";
import { tellRun } from "./tell-run.ts";

function aRun(counts: Coverage) {
  return { from: 11, last: 12, done: 2, writes: 40, coverage: counts, failures: [], seconds: 1.4 };
}

describe("what is told of a run", () => {
  it("counts what happened by its kind", () => {
    const coverage = new Coverage();
    for (const what of thingsToHappen) coverage.note(what, 3);

    const told = tellRun(aRun(coverage));

    expect(told).toContain("Seeds 11 to 12: 2 networks, 40 writes of users, 1 s.");
    expect(told).toContain("Every invariant held in each of them.\nEverything happened that has to.");
    expect(told).toMatch(/\| Faults \| .*crash\.after-commit 3/);
  });

  it("names what failed and what never happened", () => {
    const failed = { seed: 12, what: "I2: a value is gone.\nat length" };

    const told = tellRun({ ...aRun(new Coverage()), failures: [failed] });

    expect(told).toContain("- seed 12: I2: a value is gone.");
    expect(told).not.toContain("at length");
    expect(told).toContain("Never happened: op.create");
  });
});
