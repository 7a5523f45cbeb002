import { describe, expect, it } from "vitest";
import { chunkLengthMax, planPages } from "./page-plan.ts";

const seed = { chunkLength: 5, start: 1 };

describe("planning pages", () => {
  it("[F11] takes the rows of an older server as they are", () => {
    const configured = [seed, { chunkLength: 9, start: 49 }];

    expect(planPages([], configured, 1_000)).toEqual({ cuts: configured, refusals: [] });
  });

  it("[F11] follows a row that starts after everything handed out", () => {
    const configured = [seed, { chunkLength: 100, start: 13 }];

    expect(planPages([seed], configured, 12)).toEqual({ cuts: configured, refusals: [] });
  });

  it.each([
    ["a row that starts among events handed out", [seed, { chunkLength: 100, start: 12 }]],
    ["an edited row", [{ chunkLength: 100, start: 1 }]],
    ["a row that is gone", []],
    ["a row before the first event", [seed, { chunkLength: 5, start: 0 }]],
    ["a row without length", [seed, { chunkLength: 0, start: 13 }]],
    ["a row that starts where another does", [seed, { chunkLength: 9, start: 1 }]],
    ["a page of more than the longest", [seed, { chunkLength: chunkLengthMax + 1, start: 13 }]],
    ["pages by time", [seed, { chunkLength: 3_600_000, start: 1_764_547_200_000 }]],
  ])("[F11] %s changes no page and is reported", (_, configured) => {
    const { cuts, refusals } = planPages([seed], configured, 12);

    expect(cuts).toEqual([seed]);
    expect(refusals.length).toBeGreaterThan(0);
  });

  it("[F11] a cut that has shaped nothing yet can be changed and taken back", () => {
    const followed = [seed, { chunkLength: 100, start: 50 }];

    expect(planPages(followed, [seed, { chunkLength: 20, start: 30 }], 12).cuts).toEqual([
      seed,
      { chunkLength: 20, start: 30 },
    ]);
    expect(planPages(followed, [seed], 12)).toEqual({ cuts: [seed], refusals: [] });
  });
});
