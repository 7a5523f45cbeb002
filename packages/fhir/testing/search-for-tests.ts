import { type Database, migrate } from "@tributary/database";
import { EventBus } from "@tributary/events";
import { type NodeId, systemClock } from "@tributary/kernel";
import { fhirMigrations } from "../src/migrations.ts";
import type { JsonObject } from "../src/model/json-value.ts";
import { parseSearchRequest } from "../src/search/request/parse-search-request.ts";
import type { SearchRequest } from "../src/search/request/search-request.ts";
import { search } from "../src/search/search.ts";
import type { SearchResult } from "../src/search/search-result.ts";
import type { ResourceChange } from "../src/store/resource-change.ts";
import { ResourceStore } from "../src/store/resource-store.ts";
import { deleting, saving } from "./store-for-tests.ts";

/** Records in a database, and searches over them, as a case writes them. */
export interface SearchForTests {
  /** Saves one after the other, in one transaction. */
  save(...resources: readonly JsonObject[]): Promise<void>;
  /** Saves all of them together; the order of their keys is the store's. */
  saveTogether(...resources: readonly JsonObject[]): Promise<void>;
  /** Deletes `Type/id`. */
  remove(name: string): Promise<void>;
  /** Does a search, written `Patient?name=x`; `page` is a token. */
  search(text: string, page?: string): Promise<SearchResult>;
  /** The ids of the matches of a search, in their order. */
  find(text: string): Promise<string[]>;
}

/** The moment that `ap` counts from in these searches. */
export const searchedAt = Date.parse("2024-06-01T00:00:00Z");

/** Makes the FHIR tables and a store, and searches over what is saved. */
export async function searchForTests(database: Database): Promise<SearchForTests> {
  await migrate(database, fhirMigrations);
  const store = new ResourceStore({ nodeId: "here" as NodeId, bus: new EventBus(), clock: systemClock });
  const change = (changes: readonly ResourceChange[]) =>
    database.transaction(async (tx) => {
      for (const one of changes) await store.write(tx, [one]);
    });
  const found = (text: string, page?: string) =>
    database.snapshot((reader) => search(reader, requestOf(page === undefined ? text : `${text}&_page=${page}`)));
  return {
    save: (...resources) => change(resources.map((resource) => saving(resource))),
    saveTogether: (...resources) =>
      database.transaction(async (tx) => {
        await store.write(
          tx,
          resources.map((resource) => saving(resource)),
        );
      }),
    remove: (name) => change([deleting(...(name.split("/") as [string, string]))]),
    search: found,
    find: async (text) => (await found(text)).matches.map(({ id }) => id),
  };
}

/** Reads a search that is written `Patient?name=x`. */
export function requestOf(text: string, isStrict = false): SearchRequest {
  const [type = "", query = ""] = text.split(/\?(.*)/s);
  const options = { isStrict, now: searchedAt, baseUrl: "http://here.example/fhir" };
  return parseSearchRequest(type, new URLSearchParams(query), options);
}
