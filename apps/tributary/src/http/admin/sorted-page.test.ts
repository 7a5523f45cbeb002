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

const request: PageRequest<Clinic> = {
  nameOf: ({ name }) => name,
  by: ({ name }) => name,
  order: "asc",
  matches: () => true,
  after: undefined,
  limit: 10,
};

function ask(more: Partial<PageRequest<Clinic>>) {
  const { items, ...rest } = sortedPage(clinics, { ...request, ...more });
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

it("goes on behind the place where a page ended, also when what stood there has moved or is gone", () => {
  const by = ({ behind }: Clinic) => behind;
  const { next } = ask({ by, limit: 3 });
  const moved = clinics.map((one) => (one.name === "b" ? { name: "b", behind: 0 } : one));
  const left = clinics.filter(({ name }) => name !== "b");

  expect(next).toBe('[7,"b"]');
  for (const list of [clinics, moved, left]) {
    const { items } = sortedPage(list, { ...request, by, after: next ?? undefined });
    expect(items.map(({ name }) => name)).toEqual(["c", "a"]);
  }
});

it("turns pages through what has no value, and takes what is no place for a name", () => {
  const by = ({ behind }: Clinic) => (behind === 7 ? null : behind);
  const walked: string[] = [];
  let after: string | undefined;
  do {
    const page = ask({ by, order: "desc", limit: 1, after });
    walked.push(page.names);
    after = page.next ?? undefined;
  } while (after);

  expect(walked.join("")).toBe("deabc");
  for (const none of ["[", "[1]", '[{},"b"]']) expect(ask({ after: none }).names).toBe("abcde");
});

it("begins anew behind a name that is gone, rather than telling nothing", () => {
  expect(ask({ after: "nobody", limit: 1 })).toEqual({ names: "a", next: "a", total: 5 });
});
