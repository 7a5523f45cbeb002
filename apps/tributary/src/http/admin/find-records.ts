import { adminEndpoints } from "@tributary/admin-api";
import {
  isJsonObject,
  isResourceId,
  isResourceType,
  type JsonObject,
  type JsonValue,
  parseLossless,
  parseSearchRequest,
  search,
} from "@tributary/fhir";
import type { Node } from "@tributary/runtime";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, readQuery } from "./admin-request.ts";
import { sortedPage } from "./sorted-page.ts";

/** Patients that are sorted, by what their records say, at the most; more are no list that somebody reads. */
const sortedMax = 1_000;
/** Letters of a name that it is sorted by. */
const sortedLettersMax = 100;

/** One record among those that a search found. */
interface Hit {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: number;
  readonly title: string;
  readonly identifiers: readonly string[];
  readonly birthDate: string | null;
  readonly gender: string | null;
}

/** `GET /admin/v1/records?q=`: a record by its reference; else patients by id, identifier and name. */
export const findRecords: AdminHandler = (node) => async (request) => {
  const { q, limit, after, sort, order } = readQuery(request, adminEndpoints["GET /records"].query);
  const text = q.trim();
  const [type = "", id = ""] = text.split("/");
  if (isResourceType(type) && isResourceId(id)) {
    const hit = await hitAt(node, type, id);
    return answer({ items: hit ? [hit] : [], next: null, isCut: false });
  }
  if (sort !== "match") {
    const { hits, isCut } = await someHits(node, text);
    const matches = () => true;
    const nameOf = (hit: Hit) => hit.id;
    return answer({ ...sortedPage(hits, { nameOf, by: sortValues[sort], order, matches, after, limit }), isCut });
  }
  const exact = after === undefined ? await exactHits(node, text, limit) : [];
  const byName = await searchPatients(node, { name: text }, limit, after);
  return answer({ items: withoutTwins([...exact, ...byName.hits]), next: byName.next, isCut: false });
};

const sortValues = {
  name: ({ title }: Hit) => title.toLowerCase().slice(0, sortedLettersMax),
  birthDate: ({ birthDate }: Hit) => birthDate,
  gender: ({ gender }: Hit) => gender,
  id: ({ id }: Hit) => id,
  lastUpdated: ({ lastUpdated }: Hit) => lastUpdated,
} as const;

/** All that are found, up to as many as are sorted. */
async function someHits(node: Node, text: string): Promise<{ readonly hits: Hit[]; readonly isCut: boolean }> {
  const exact = await exactHits(node, text, sortedMax);
  const byName = await searchPatients(node, { name: text }, sortedMax);
  return { hits: withoutTwins([...exact, ...byName.hits]), isCut: byName.next !== null };
}

function withoutTwins(hits: readonly Hit[]): Hit[] {
  return [...new Map(hits.toReversed().map((hit) => [hit.id, hit])).values()].toReversed();
}

/** The patients whose id or identifier is just so. */
async function exactHits(node: Node, text: string, limit: number): Promise<Hit[]> {
  const byId = isResourceId(text) ? await hitAt(node, "Patient", text) : undefined;
  const { hits } = await searchPatients(node, { identifier: text }, limit);
  return [...(byId ? [byId] : []), ...hits.filter((hit) => hit.id !== byId?.id)];
}

async function hitAt({ database, store }: Node, type: string, id: string): Promise<Hit | undefined> {
  const stored = await store.read(database, { type, id });
  if (stored?.body === undefined) return undefined;
  return hitOf(type, id, stored.version, stored.lastUpdated, stored.body);
}

async function searchPatients(
  { database, clock }: Node,
  conditions: Readonly<Record<string, string>>,
  limit: number,
  after?: string,
): Promise<{ readonly hits: Hit[]; readonly next: string | null }> {
  // A comma, a bar and a dollar sign mean something in a search; here they are what somebody typed.
  const escaped = Object.entries(conditions).map(([name, value]): [string, string] => [
    name,
    value.replace(/[\\,|$]/g, "\\$&"),
  ]);
  const parameters = new URLSearchParams([...escaped, ["_count", String(limit)]]);
  if (after !== undefined) parameters.set("_page", after);
  const asked = parseSearchRequest("Patient", parameters, { isStrict: true, now: clock.now() });
  const { matches, next } = await database.snapshot((reader) => search(reader, asked));
  return {
    hits: matches.map(({ type, id, version, lastUpdated, body }) => hitOf(type, id, version, lastUpdated, body)),
    next: next ?? null,
  };
}

function hitOf(type: string, id: string, version: number, lastUpdated: number, text: string): Hit {
  const body = parseLossless(text) as JsonObject;
  return {
    type,
    id,
    version,
    lastUpdated,
    title: nameOf(body) ?? `${type}/${id}`,
    identifiers: objectsIn(body["identifier"]).flatMap(({ value }) => (typeof value === "string" ? [value] : [])),
    birthDate: textIn(body["birthDate"]),
    gender: textIn(body["gender"]),
  };
}

function nameOf({ name }: JsonObject): string | undefined {
  if (typeof name === "string") return name;
  const first = objectsIn(name)[0];
  if (!first) return undefined;
  const { text, given, family } = first;
  if (typeof text === "string") return text;
  const parts = [...(Array.isArray(given) ? given : []), family].filter((part) => typeof part === "string");
  return parts.length > 0 ? parts.join(" ") : undefined;
}

function objectsIn(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function textIn(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}
