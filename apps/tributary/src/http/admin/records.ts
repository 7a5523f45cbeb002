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
  stringifyLossless,
} from "@tributary/fhir";
import type { Node } from "@tributary/runtime";
import { listConflictsOf, readRecordReach } from "@tributary/sync";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, notThere, readQuery } from "./admin-request.ts";

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
  const { q, limit, after } = readQuery(request, adminEndpoints["GET /records"].query);
  const text = q.trim();
  const [type = "", id = ""] = text.split("/");
  if (isResourceType(type) && isResourceId(id)) {
    const hit = await hitAt(node, type, id);
    return answer({ items: hit ? [hit] : [], next: null });
  }
  const exact = after === undefined ? await exactHits(node, text, limit) : [];
  const byName = await searchPatients(node, { name: text }, limit, after);
  const seen = new Set(exact.map((hit) => hit.id));
  return answer({ items: [...exact, ...byName.hits.filter((hit) => !seen.has(hit.id))], next: byName.next });
};

/** `GET /admin/v1/records/{type}/{id}`: one record as it stands here. */
export const tellRecord: AdminHandler = (node) => async (request) => {
  const { type = "", id = "" } = request.parameters;
  if (!isResourceType(type) || !isResourceId(id)) throw notThere("This is the name of no record.");
  const told = await node.database.snapshot(async (reader) => {
    const stored = await node.store.read(reader, { type, id });
    if (!stored) return undefined;
    const { version, lastUpdated, body } = stored;
    const conflicts = await listConflictsOf(reader, type, id);
    return {
      type,
      id,
      version,
      lastUpdated,
      isDeleted: body === undefined,
      body: body === undefined ? null : parseLossless(body),
      openConflicts: conflicts.filter(({ state }) => state === "open").length,
      tiers: (await readRecordReach(reader, node.id, { type, id, version })).tiers,
    };
  });
  if (!told) throw notThere("This node never had such a record.");
  return answer(told, (value) => stringifyLossless(value as JsonValue));
};

/** `GET /admin/v1/records/{type}/{id}/reach`: which nodes above have its current version. */
export const tellReach: AdminHandler = (node) => async (request) => {
  const { type = "", id = "" } = request.parameters;
  if (!isResourceType(type) || !isResourceId(id)) throw notThere("This is the name of no record.");
  const told = await node.database.snapshot(async (reader) => {
    const stored = await node.store.read(reader, { type, id });
    if (!stored) return undefined;
    const { version } = stored;
    return { version, tiers: (await readRecordReach(reader, node.id, { type, id, version })).tiers };
  });
  if (!told) throw notThere(`The node ${node.id} never had ${type}/${id}.`);
  return answer({ reference: `${type}/${id}`, ...told });
};

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
