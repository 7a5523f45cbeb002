import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastPage, type PageCut, pageRange } from "./page-arithmetic.ts";

const cuts = (...rows: [chunkLength: number, start: number][]): PageCut[] =>
  rows.map(([chunkLength, start]) => ({ chunkLength, start }));

describe("page arithmetic", () => {
  it.each([
    [cuts([5, 1]), 0, 0],
    [cuts([5, 1]), 1, 1],
    [cuts([5, 1]), 5, 1],
    [cuts([5, 1]), 12, 3],
    [cuts([5, 1], [7, 16]), 15, 3],
    [cuts([5, 1], [7, 16]), 16, 4],
    [cuts([5, 1], [7, 16]), 18, 4],
    [cuts([5, 1], [7, 16]), 24, 5],
    [cuts([5, 1], [9, 49]), 48, 10],
    [cuts([5, 1], [9, 49]), 49, 11],
  ])("[F10] the cuts %j make %i events %i pages", (history, total, pages) => {
    expect(lastPage(history, total)).toBe(pages);
  });

  it.each([
    [cuts([5, 1]), 1, { from: 1, to: 5 }],
    [cuts([5, 1], [7, 16]), 3, { from: 11, to: 15 }],
    [cuts([5, 1], [7, 16]), 4, { from: 16, to: 22 }],
    [cuts([5, 1], [7, 16]), 5, { from: 23, to: 29 }],
    [cuts([5, 1], [9, 49]), 10, { from: 46, to: 48 }],
    [cuts([5, 1], [9, 49]), 11, { from: 49, to: 57 }],
    [cuts([5, 1]), 200_000_000, { from: 999_999_996, to: 1_000_000_000 }],
  ])("[F10] the cuts %j put on page %i the events %j", (history, page, range) => {
    expect(pageRange(history, page)).toEqual(range);
  });

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])("[F10] there is no page %d", (page) => {
    expect(pageRange(cuts([5, 1]), page)).toBeUndefined();
  });

  const someCuts = fc
    .array(fc.record({ chunkLength: fc.integer({ min: 1, max: 12 }), gap: fc.integer({ min: 1, max: 60 }) }), {
      minLength: 1,
      maxLength: 5,
    })
    .map((rows) => {
      let start = 1;
      return rows.map(({ chunkLength, gap }, index) => {
        start += index === 0 ? 0 : gap;
        return { chunkLength, start };
      });
    });

  it("[F10] pages hold every event exactly once and in order", () => {
    fc.assert(
      fc.property(someCuts, fc.integer({ min: 0, max: 400 }), (history, total) => {
        const pages = Array.from({ length: lastPage(history, total) }, (_, n) => pageRange(history, n + 1)!);

        const held = pages.flatMap(({ from, to }) =>
          Array.from({ length: Math.min(to, total) - from + 1 }, (_, n) => from + n),
        );

        expect(held).toEqual(Array.from({ length: total }, (_, n) => n + 1));
        expect(pages.every(({ from }) => from <= total)).toBe(true);
      }),
    );
  });

  it("[F11] a cut that starts after the head leaves every event on its page", () => {
    fc.assert(
      fc.property(
        someCuts,
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 1, max: 12 }),
        (history, head, length) => {
          const start = Math.max(head, history.at(-1)!.start) + 1;
          const longer = [...history, { chunkLength: length, start }];

          for (let page = 1; page <= lastPage(history, head); page++) {
            const { from, to } = pageRange(history, page)!;
            const after = pageRange(longer, page)!;
            expect([after.from, Math.min(after.to, head)]).toEqual([from, Math.min(to, head)]);
          }
        },
      ),
    );
  });
});
