import { expect, it } from "vitest";
import { everyPage } from "./every-page.ts";

/** The pages of the numbers up to a last one, and how often the list was asked. */
async function pagesUpTo(last: number, limit: number) {
  let asked = 0;
  const numbers = Array.from({ length: last }, (_, n) => n + 1);
  const pages: (readonly number[])[] = [];
  const read = async (before = 0) => {
    asked += 1;
    return numbers.slice(before, before + limit);
  };
  for await (const page of everyPage<number>(limit, read)) pages.push(page);
  return { pages, asked };
}

it("reads each item once, and ends with the page that is not full", async () => {
  expect(await pagesUpTo(5, 2)).toEqual({ pages: [[1, 2], [3, 4], [5]], asked: 3 });
});

it("tells no empty page, also behind a last one that is full", async () => {
  expect(await pagesUpTo(4, 2)).toEqual({
    pages: [
      [1, 2],
      [3, 4],
    ],
    asked: 3,
  });
  expect(await pagesUpTo(0, 2)).toEqual({ pages: [], asked: 1 });
});
