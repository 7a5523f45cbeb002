import { cutMember, findMembers, insertMemberAfter, skipSpace } from "./json-text.ts";
import { isJsonObject, type JsonObject } from "./json-value.ts";

/** What the server says about a version inside the resource's own `meta`. */
export interface ServerMeta {
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly lastUpdated: number;
}

/**
 * The text of a resource as it is stored: what was received, with `id` set and `meta.versionId` and `meta.lastUpdated`
 * cut out, since those differ from node to node and the stored text must not. All else stays byte for byte.
 *
 * `resource` is the parsed text, which must be an object with a `resourceType`.
 */
export function toStoredText(text: string, resource: JsonObject, id: string): string {
  let stored = text;
  if (resource["id"] !== id) stored = withId(stored, id);
  if (hasServerMeta(resource["meta"])) stored = withoutServerMeta(stored);
  return stored;
}

/**
 * The text of a resource as it is read: the stored text with the server's `meta.versionId` and `meta.lastUpdated` put
 * in. `toStoredText` undoes it exactly.
 */
export function toReadText(stored: string, { version, lastUpdated }: ServerMeta): string {
  const server = `"versionId":"${version}","lastUpdated":"${new Date(lastUpdated).toISOString()}"`;
  const { id, meta } = findMembers(stored, ["id", "meta"]);
  if (meta && stored.charCodeAt(meta.valueStart) === 0x7b) {
    const at = meta.valueStart + 1;
    const isEmpty = stored.charCodeAt(skipSpace(stored, at)) === 0x7d;
    return `${stored.slice(0, at)}${server}${isEmpty ? "" : ","}${stored.slice(at)}`;
  }
  return id ? insertMemberAfter(stored, id, `"meta":{${server}}`) : stored;
}

/** The parsed resource brought to the same state as its stored text; it changes the object it is given. */
export function toStoredResource(resource: JsonObject, id: string): JsonObject {
  resource["id"] = id;
  const meta = resource["meta"];
  if (isJsonObject(meta)) {
    delete meta["versionId"];
    delete meta["lastUpdated"];
    if (Object.keys(meta).length === 0) delete resource["meta"];
  }
  return resource;
}

function hasServerMeta(meta: unknown): boolean {
  if (!isJsonObject(meta)) return false;
  return "versionId" in meta || "lastUpdated" in meta || Object.keys(meta).length === 0;
}

function withId(text: string, id: string): string {
  const value = JSON.stringify(id);
  const found = findMembers(text, ["id"]).id;
  if (found) return text.slice(0, found.valueStart) + value + text.slice(found.valueEnd);
  const { resourceType } = findMembers(text, ["resourceType"]);
  return resourceType ? insertMemberAfter(text, resourceType, `"id":${value}`) : text;
}

function withoutServerMeta(text: string): string {
  let cut = text;
  for (const name of ["versionId", "lastUpdated"] as const) {
    const { meta } = findMembers(cut, ["meta"]);
    const member = meta && findMembers(cut, [name], meta.valueStart)[name];
    if (member) cut = cutMember(cut, member);
  }
  const { meta } = findMembers(cut, ["meta"]);
  const isEmpty = meta && cut.charCodeAt(skipSpace(cut, meta.valueStart + 1)) === 0x7d;
  return isEmpty ? cutMember(cut, meta) : cut;
}
