import type { Database } from "@tributary/database";
import { openTestDatabase } from "@tributary/database/testing";
import type { CompiledQuery } from "kysely";
import { expect, it } from "vitest";
import { requestOf, searchForTests } from "../../testing/search-for-tests.ts";
import { search } from "./search.ts";

const byIndex = [
  "Patient?identifier=urn:s|1",
  "Patient?identifier=1,2,urn:s|3",
  "Patient?family=a",
  "Patient?family:exact=a&gender=male",
  "Patient?birthdate=ge2000&birthdate=lt2010",
  "Patient?birthdate=lt2010",
  "Patient?birthdate=gt2010",
  "Observation?patient=1&code=x",
  "Observation?subject=Patient/1&date=gt2020&status:not=final",
  "Observation?value-quantity=gt5||mg",
  "Observation?value-quantity=5.4",
  "Observation?combo-code=a,b",
  "ValueSet?url=http://x",
  "ValueSet?url:below=http://x",
  "Patient?_id=1,2,3",
  "Patient?_lastUpdated=gt2020",
  "Patient?_sort=-_lastUpdated&gender=male",
  "Patient?family=a&_sort=birthdate,-family",
  "Patient",
  "Patient?gender:missing=true",
  "Observation?patient.name=x",
  "Observation?subject.name=x&code=y",
  "Patient?_has:Observation:patient:code=x",
  "Patient?_summary=count&gender=male",
];

it.each(byIndex)("SQLite answers %s from indexes, without reading a table from end to end", async (text) => {
  await using database = await openTestDatabase("sqlite");
  await searchForTests(database);

  const plans = await plansOf(database, text);

  expect(plans.length).toBeGreaterThan(0);
  expect(plans.filter((line) => /^SCAN (?!m$|met$|json_each|k |w )/.test(line))).toEqual([]);
});

it("SQLite begins with the narrowest condition, and asks the others of what it found", async () => {
  await using database = await openTestDatabase("sqlite");
  await searchForTests(database);

  const plans = await plansOf(database, "Observation?status=final&date=gt2020&patient=1&_sort=-date");

  expect(plans.slice(0, 9)).toEqual([
    "MATERIALIZE m",
    "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
    expect.stringMatching(/^LIST SUBQUERY/),
    expect.stringMatching(/^SEARCH search_reference USING COVERING INDEX search_reference_by_target/),
    expect.stringMatching(/^LIST SUBQUERY/),
    "SEARCH resource_version USING INTEGER PRIMARY KEY (rowid>?)",
    "CREATE BLOOM FILTER",
    "SEARCH x EXISTS USING PRIMARY KEY (resource_key=?)",
    "SEARCH x EXISTS USING PRIMARY KEY (resource_key=?)",
  ]);
});

it("SQLite reads the latest changes of a type from the end of an index", async () => {
  await using database = await openTestDatabase("sqlite");
  await searchForTests(database);

  const [first] = await plansOf(database, "Observation?_sort=-_lastUpdated");

  expect(first).toBe("SEARCH r USING INDEX resource_by_last_updated (type=?)");
});

it("SQLite finds what changed since a moment without reading the type", async () => {
  await using database = await openTestDatabase("sqlite");
  await searchForTests(database);

  const plans = await plansOf(database, "Observation?_lastUpdated=gt2020&_lastUpdated=lt2021");

  expect(plans).toEqual([
    "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
    expect.stringMatching(/^LIST SUBQUERY/),
    expect.stringMatching(
      /^SEARCH r USING .*INDEX resource_by_last_updated \(type=\? AND last_updated>\? AND last_updated<\?\)/,
    ),
  ]);
});

it("SQLite reads named resources by their names, whatever else is asked of them", async () => {
  await using database = await openTestDatabase("sqlite");
  await searchForTests(database);

  const plans = await plansOf(database, "Observation?_id=1,2&code=x&_lastUpdated=gt2020");

  expect(plans).toEqual([
    "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
    expect.stringMatching(/^LIST SUBQUERY/),
    "SEARCH r USING COVERING INDEX sqlite_autoindex_resource_1 (type=? AND id=?)",
    "SEARCH x EXISTS USING PRIMARY KEY (resource_key=?)",
  ]);
});

/** The plan lines of every composed statement that a search runs. */
async function plansOf(database: Database, text: string): Promise<string[]> {
  const composed: CompiledQuery[] = [];
  const spy = Object.create(database) as Database;
  spy.query = (query) => {
    composed.push(query);
    return database.query(query);
  };
  for (const method of ["all", "first"] as const) spy[method] = database[method].bind(database) as never;
  await search(spy, requestOf(text));
  const lines: string[] = [];
  for (const query of composed) {
    const explained = { ...query, sql: `explain query plan ${query.sql}` } as CompiledQuery<{ detail: string }>;
    lines.push(...(await database.query(explained)).map(({ detail }) => detail));
  }
  return lines;
}
