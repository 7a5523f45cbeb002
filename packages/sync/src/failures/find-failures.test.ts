import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { seededRandom } from "@tributary/kernel";
import { expect, it } from "vitest";
import { openPair, pushOnce } from "../../testing/index.ts";
import { noteFailedPull } from "../pull/failed-pulls.ts";
import type { Failure } from "./failure.ts";
import {
  type FailurePlace,
  type FailureQuery,
  type FailureSort,
  findFailures,
  placeOfFailure,
} from "./find-failures.ts";

const sorts: readonly FailureSort[] = ["place", "class", "attempts", "firstFailedAt", "lastFailedAt", "nextAttemptAt"];

/** Three records of the parent that wait, two of them since the same moment, and two units that were refused. */
async function openWithFailures(open: () => Promise<Database>) {
  const pair = await openPair(open);
  const { parent, child } = pair;
  for (const id of ["bad", "worse"]) {
    await child.save(aPatient(id, { gender: "unheard-of" }));
    await pushOnce(child, parent);
  }
  const random = seededRandom(4);
  const fail = (type: string, id: string, reason: "edited-here" | "not-applicable", at: number) =>
    child.database.transaction((tx) =>
      noteFailedPull(tx, parent.id, { type, id, remoteVersion: 1, reason }, at, random),
    );
  await fail("Patient", "b", "edited-here", 1_000);
  await fail("Patient", "a", "not-applicable", 2_000);
  await fail("Patient", "a", "not-applicable", 5_000);
  await fail("Observation", "z", "edited-here", 1_000);
  return pair;
}

/** All pages of a list, by names. */
async function walk(database: Database, query: FailureQuery, limit: number): Promise<Failure[]> {
  const walked: Failure[] = [];
  for (let page = await findFailures(database, query, { limit }); ; ) {
    walked.push(...page.failures);
    if (!page.next) return walked;
    page = await findFailures(database, query, { limit, after: page.next });
  }
}

const namesOf = (failures: readonly Failure[]) => failures.map(({ failureId }) => failureId);

describeOnEachDatabase("a sorted list of failures", (open) => {
  it("[S46] stands by places unless it is sorted: the parent's records by name, then own units by number", async () => {
    await using link = await openWithFailures(open);

    const { failures, next, total } = await findFailures(
      link.child.database,
      { sort: "place", order: "asc" },
      { limit: 10 },
    );

    expect(namesOf(failures)).toEqual([
      "pull:Observation/z",
      "pull:Patient/a",
      "pull:Patient/b",
      "push:1",
      expect.stringMatching(/^push:\d+$/),
    ]);
    expect([next, total]).toEqual([undefined, 5]);
    expect(failures[1]).toMatchObject({ class: "invalid", attempts: 2, firstFailedAt: 2_000, lastFailedAt: 5_000 });
    expect(failures[3]).toMatchObject({ references: ["Patient/bad"], reason: "refused-by-parent" });
  });

  it("[S46] has each failure once however many a page has, sorted by anything, what has no time last either way", async () => {
    await using link = await openWithFailures(open);
    const { database } = link.child;

    for (const sort of sorts) {
      for (const order of ["asc", "desc"] as const) {
        const whole = await walk(database, { sort, order }, 10);
        const values = whole.map((failure) => placeOfFailure(failure, sort).value);
        const known = values.filter((value) => value !== null);
        const risen = known.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
        expect(known).toEqual(order === "asc" ? risen : risen.toReversed());
        expect(values.slice(known.length)).toEqual(values.filter((value) => value === null));
        for (const limit of [1, 2]) expect(await walk(database, { sort, order }, limit)).toEqual(whole);
      }
    }
    const byTime = await walk(database, { sort: "nextAttemptAt", order: "desc" }, 10);
    expect(byTime.slice(-2).map(({ kind, nextAttemptAt }) => [kind, nextAttemptAt])).toEqual([
      ["push", null],
      ["push", null],
    ]);
    expect(namesOf(await walk(database, { sort: "firstFailedAt", order: "asc" }, 10)).slice(0, 2)).toEqual([
      "pull:Observation/z",
      "pull:Patient/b",
    ]);
  });

  it("[S46] finds by kind, class and a part of a reference, and counts what it finds", async () => {
    await using link = await openWithFailures(open);
    const find = async (query: Partial<FailureQuery>) => {
      const found = await findFailures(link.child.database, { sort: "place", order: "asc", ...query }, { limit: 1 });
      return [...namesOf(found.failures), found.total];
    };

    expect(await find({ kind: "push" })).toEqual(["push:1", 2]);
    expect(await find({ class: "dependency" })).toEqual(["pull:Observation/z", 2]);
    expect(await find({ text: "PATIENT/WOR" })).toEqual([expect.stringMatching(/^push:\d+$/), 1]);
    expect(await find({ text: "atient/b", kind: "pull" })).toEqual(["pull:Patient/b", 1]);
    expect(await find({ kind: "decision" })).toEqual([0]);
  });

  it("[S46] goes on behind a failure that has gone, and begins anew behind what is no place of a list sorted so", async () => {
    await using link = await openWithFailures(open);
    const behind = async (sort: FailureSort, value: FailurePlace["value"], failureId: string) => {
      const after = { value, failureId };
      const page = await findFailures(link.child.database, { sort, order: "asc" }, { limit: 1, after });
      return namesOf(page.failures);
    };

    expect(await behind("place", "0 pull:Patient/aa", "pull:Patient/aa")).toEqual(["pull:Patient/b"]);
    expect(await behind("firstFailedAt", "0 pull:Patient/aa", "pull:Patient/aa")).toEqual(["pull:Observation/z"]);
    expect(await behind("place", 4, "pull:Patient/aa")).toEqual(["pull:Observation/z"]);
    expect(await behind("place", "0 pull:Patient/aa", "nonsense\0")).toEqual(["pull:Observation/z"]);
  });

  it("[S46] is empty at a node that has no parent", async () => {
    await using link = await openWithFailures(open);

    const found = await findFailures(link.parent.database, { sort: "place", order: "asc" }, { limit: 1 });

    expect(found).toEqual({ failures: [], next: undefined, total: 0 });
  });
});
