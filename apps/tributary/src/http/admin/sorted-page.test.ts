import { expect, it } from "vitest";
import { type PageRequest, sortedPage } from "./sorted-page.ts";

interface Clinic {
  readonly name: string;
  readonly behind: number | null;
}

const clinics: readonly Clinic[] = [
  { name: "d", behind: 1 },
  { name: "a", behind: null },
  { name: "c", behind: 7 },
  { name: "b", behind: 7 },
  { name: "e", behind: 0 },
];

function ask(request: Partial<PageRequest<Clinic>>) {
  const { items, ...rest } = sortedPage(clinics, {
    nameOf: ({ name }) => name,
    by: ({ name }) => name,
    order: "asc",
    matches: () => true,
    after: undefined,
    limit: 10,
    ...request,
  });
  return { names: items.map(({ name }) => name).join(""), ...rest };
}

it("sorts by what is asked for, alike ones by name, and what has no value last whichever way", () => {
  const by = ({ behind }: Clinic) => behind;

  expect(ask({ by }).names).toBe("edbca");
  expect(ask({ by, order: "desc" }).names).toBe("bcdea");
});

it("goes on behind what a page ended with, also when that is filtered out by now", () => {
  const first = ask({ limit: 2 });
  const second = ask({ limit: 2, after: "b", matches: ({ name }) => name !== "b" });

  expect(first).toEqual({ names: "ab", next: "b", total: 5 });
  expect(second).toEqual({ names: "cd", next: "d", total: 4 });
  expect(ask({ limit: 2, after: "d" })).toEqual({ names: "e", next: null, total: 5 });
});

it("begins anew behind a name that is gone, rather than telling nothing", () => {
  expect(ask({ after: "nobody", limit: 1 })).toEqual({ names: "a", next: "a", total: 5 });
});
