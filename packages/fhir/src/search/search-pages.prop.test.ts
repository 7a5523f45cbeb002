import { describeOnEachDatabase } from "@tributary/database/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type SearchForTests, searchForTests } from "../../testing/search-for-tests.ts";

const sorts = [
  "",
  "_sort=birthdate",
  "_sort=-birthdate",
  "_sort=family,-birthdate",
  "_sort=-_lastUpdated",
  "_sort=-_id",
];
const names = ["Amin", "Bell", "Chen", undefined];

interface Person {
  readonly born: number;
  readonly name: number;
}

/** What happens between two pages. */
type Happening =
  | { readonly kind: "save"; readonly who: number; readonly person: Person }
  | { readonly kind: "leave"; readonly who: number }
  | { readonly kind: "delete"; readonly who: number };

const person = fc.record({ born: fc.integer({ min: 1950, max: 1958 }), name: fc.nat(names.length - 1) });
const who = fc.nat(11);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("save" as const), who, person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), who }) },
);

describeOnEachDatabase("a walk through the pages of a search", (open, dialect) => {
  it("meets every resource that matches all the while once, and none twice, whatever changes on the way", async () => {
    await using database = await open();
    const records = await searchForTests(database);
    let run = 0;

    await fc.assert(
      fc.asyncProperty(
        fc.array(person, { minLength: 1, maxLength: 8 }),
        fc.array(fc.array(happening, { maxLength: 4 }), { minLength: 8, maxLength: 8 }),
        fc.constantFrom(...sorts),
        fc.integer({ min: 1, max: 3 }),
        async (people, happenings, sort, count) => {
          run += 1;
          const text = `Patient?organization=run-${run}&_count=${count}&${sort}`;
          await records.saveTogether(...people.map((one, at) => aPerson(run, at, one)));
          const stayed = new Set(people.map((_, at) => idOf(run, at)));
          const gone = new Set<string>();

          const met: string[] = [];
          let page = await records.search(text);
          for (let turn = 0; ; turn++) {
            met.push(...page.matches.map(({ id }) => id));
            if (page.next === undefined) break;
            for (const one of happenings[turn] ?? []) await happen(records, run, one, stayed, gone);
            page = await records.search(text, page.next);
          }

          expect(met).toHaveLength(new Set(met).size);
          expect(met).toEqual(expect.arrayContaining([...stayed]));
        },
      ),
      { numRuns: dialect === "sqlite" ? 60 : 25 },
    );
  });
});

function idOf(run: number, at: number): string {
  return `r${run}-${at}`;
}

function aPerson(run: number, at: number, { born, name }: Person) {
  const family = names[name];
  return {
    resourceType: "Patient",
    id: idOf(run, at),
    birthDate: String(born),
    ...(family === undefined ? {} : { name: [{ family }] }),
    managingOrganization: { reference: `Organization/run-${run}` },
  };
}

async function happen(
  { save, remove }: SearchForTests,
  run: number,
  { who: at, ...what }: Happening,
  stayed: Set<string>,
  gone: Set<string>,
): Promise<void> {
  const id = idOf(run, at);
  if (what.kind === "save") {
    await save(aPerson(run, at, what.person));
    gone.delete(id);
    return;
  }
  const wasStored = stayed.delete(id);
  if (what.kind === "leave") await save({ resourceType: "Patient", id, birthDate: "1951" });
  else if (wasStored && !gone.has(id)) {
    await remove(`Patient/${id}`);
    gone.add(id);
  }
}
