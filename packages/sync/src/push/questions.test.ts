import { describe, expect, it } from "vitest";
import { dueUnits, unitsToAskAbout, unitsToTakeBack } from "./questions.ts";
import type { FailedUnit, QueuedUnit } from "./queue/queued-unit.ts";

const unit = (counter: number, id: string, ...refersTo: string[]): QueuedUnit => ({
  counter,
  operationId: `north.a:${counter}`,
  changes: [{ type: "Basic", id, version: 1, transaction: `t${counter}`, refersTo }],
  isSent: true,
  history: undefined,
});
const parked = (counter: number, id: string, ...refersTo: string[]): FailedUnit => ({
  ...unit(counter, id, ...refersTo),
  state: "parked",
  class: "dependency",
  history: { attempts: 1, firstRefusedAt: 0, lastRefusedAt: 0, firstCounter: counter },
  reason: "",
  missing: refersTo,
  nextAttemptAt: null,
  judgedBy: null,
  isDiscarded: false,
});
const countersOf = (units: readonly QueuedUnit[]) => units.map(({ counter }) => counter);

describe("what a child asks about its parked units", () => {
  it("[S53] takes back what stands in a circle with other units, however long, and leaves alone what only waits", () => {
    const held = [parked(1, "a", "Basic/b"), parked(2, "waiting", "Basic/elsewhere")];
    const unsent = [unit(3, "b", "Basic/c"), unit(4, "c", "Basic/a")];

    expect(countersOf(unitsToTakeBack(held, unsent))).toEqual([1]);
    expect(countersOf(unitsToTakeBack([...held, parked(5, "d", "Basic/e"), parked(6, "e", "Basic/d")], []))).toEqual([
      5, 6,
    ]);
  });

  it("[S52] takes back what was edited on or given up, and nothing else", () => {
    const given = { ...parked(1, "a", "Basic/x"), isDiscarded: true };
    const held = [given, parked(2, "b", "Basic/x"), parked(3, "c", "Basic/x")];

    expect(countersOf(unitsToTakeBack(held, [unit(4, "b")]))).toEqual([1, 2]);
  });

  it("[S52] asks about what is due, not about what was given up or stepped over", () => {
    const held = [
      parked(1, "a"),
      { ...parked(2, "b"), nextAttemptAt: 101 },
      { ...parked(3, "c"), nextAttemptAt: 100 },
      { ...parked(4, "d"), isDiscarded: true },
      { ...parked(5, "e"), state: "stepped-over" as const },
    ];

    expect(countersOf(unitsToAskAbout(held, 100))).toEqual([1, 3]);
  });

  it("[S251] tries those first that have waited longest since they were last tried, however many come before them", () => {
    const lastTried = (at: number) => ({ attempts: 9, firstRefusedAt: 0, lastRefusedAt: at, firstCounter: 1 });
    const held = Array.from({ length: 600 }, (_, at) => ({ ...parked(at + 1, `r${at}`), history: lastTried(50) }));
    const longest = { ...parked(601, "longest"), history: lastTried(49) };
    const steppedOver = { ...held[0]!, state: "stepped-over" as const };

    expect(countersOf(unitsToAskAbout([...held, longest], 100)).slice(0, 3)).toEqual([601, 1, 2]);
    expect(
      countersOf(dueUnits([steppedOver, { ...longest, state: "stepped-over" }, held[1]!], "stepped-over", 100)),
    ).toEqual([601, 1]);
  });
});
