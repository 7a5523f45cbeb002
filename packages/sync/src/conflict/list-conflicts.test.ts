import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { newUuid } from "@tributary/kernel";
import { expect, it } from "vitest";
import { openNodeForTests } from "../../testing/index.ts";
import { assignConflict, openConflict } from "./change-conflict.ts";
import { readConflict } from "./conflicts.ts";
import { type ConflictSort, listConflicts, parseConflictPlace, placeOfConflict } from "./list-conflicts.ts";

interface Row {
  readonly id: string;
  readonly openedAt: number;
  readonly assignee?: string;
}

const rows: readonly Row[] = [
  { id: "c", openedAt: 1 },
  { id: "B", openedAt: 2, assignee: "joe" },
  { id: "a", openedAt: 2, assignee: "Amina" },
  { id: "d", openedAt: 2 },
  { id: "e", openedAt: 10, assignee: "amina" },
];

/** A node with open conflicts, one a patient; their identifiers by the patients'. */
async function nodeWith(database: Database): Promise<ReadonlyMap<string, string>> {
  const { clock, random, store } = await openNodeForTests(database, "centre");
  const identifiers = new Map(rows.map(({ id }) => [id, newUuid(clock, random)]));
  await database.transaction(async (tx) => {
    for (const { id, openedAt, assignee } of rows) {
      const conflictId = identifiers.get(id) ?? "";
      await openConflict(tx, store.bus, {
        conflictId,
        type: "Patient",
        id,
        version: 1,
        element: {
          path: "Patient.gender",
          elements: ["gender"],
          because: "both-changed",
          base: undefined,
          mine: { gender: "male" },
          theirs: { gender: "female" },
          shown: "mine",
        },
        theirNode: "north",
        operationId: "north.1:1",
        openedAt,
        meetingId: null,
      });
      const opened = await readConflict(tx, conflictId);
      if (assignee && opened) await assignConflict(tx, store.bus, opened, assignee);
    }
  });
  return identifiers;
}

describeOnEachDatabase("the list of conflicts", (open) => {
  it("is sorted by what is asked for, either way, and is the same however many a page has", async () => {
    await using database = await open();
    await nodeWith(database);
    const walk = async (sort: ConflictSort, order: "asc" | "desc", limit: number) => {
      const names: string[] = [];
      for (let next = ""; ; ) {
        const after = next === "" ? undefined : parseConflictPlace(next, sort);
        const page = await listConflicts(database, { state: "open", sort, order }, { limit, after });
        names.push(...page.map(({ id }) => id));
        const last = page.at(-1);
        if (!last || page.length < limit) return names;
        const { value, conflictId } = placeOfConflict(last, sort);
        next = `${value}.${conflictId}`;
      }
    };

    expect((await walk("reference", "asc", 100)).join("")).toBe("Bacde");
    expect((await walk("openedAt", "asc", 100)).join("")).toMatch(/^c[Bad]{3}e$/);
    expect((await walk("assignee", "asc", 100)).join("")).toMatch(/^[cd]{2}aeB$/);
    for (const sort of ["reference", "openedAt", "assignee", "resolvedAt"] as const) {
      const forwards = await walk(sort, "asc", 100);
      const backwards = forwards.toReversed();
      expect(forwards).toHaveLength(rows.length);
      for (const limit of [1, 2, 5]) {
        expect(await walk(sort, "asc", limit)).toEqual(forwards);
        expect(await walk(sort, "desc", limit)).toEqual(backwards);
      }
    }
  });

  it("goes on behind the place where a page ended, also when what stood there is another's by now", async () => {
    await using database = await open();
    const { store } = await openNodeForTests(database, "centre");
    const identifiers = await nodeWith(database);
    const query = { state: "open", sort: "assignee" } as const;
    const amina = await readConflict(database, identifiers.get("a") ?? "");
    const after = placeOfConflict(amina!, "assignee");

    await database.transaction((tx) => assignConflict(tx, store.bus, amina!, "-"));

    const rest = await listConflicts(database, query, { limit: 10, after });
    expect(rest.map(({ id }) => id)).toEqual(["e", "B"]);
  });

  it("takes no place of a list that was sorted by something else, where that can be told", () => {
    expect(parseConflictPlace("12.ab", "openedAt")).toEqual({ value: 12, conflictId: "ab" });
    expect(parseConflictPlace("Patient/a.b.ab", "reference")).toEqual({ value: "Patient/a.b", conflictId: "ab" });
    expect(parseConflictPlace("Patient/12.ab", "openedAt")).toBeUndefined();
    expect(parseConflictPlace("somewhere", "reference")).toBeUndefined();
  });
});
