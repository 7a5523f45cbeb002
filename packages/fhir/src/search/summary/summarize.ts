import { isJsonObject, type JsonObject, type JsonValue } from "../../model/json-value.ts";
import { parseLossless, stringifyLossless } from "../../model/lossless-json.ts";
import type { SummaryMode } from "../request/search-request.ts";
import { elementNameOf, type SummaryElements, summaryElementsOf } from "./summary-elements.ts";

/** How much of a resource is shown: `SearchRequest` is one of these. */
export interface ResourceView {
  readonly summary: SummaryMode;
  readonly elements: readonly string[];
}

/**
 * Shortens the text of a resource to what a client asked for. Numbers keep their digits, and the tag `SUBSETTED` says
 * that the resource is not whole and must not be written back; a view of all of it returns the text as it is.
 * See https://hl7.org/fhir/R4/search.html#summary
 */
export function summarize(text: string, { summary, elements }: ResourceView): string {
  if (elements.length === 0 && (summary === "false" || summary === "count")) return text;
  const resource = parseLossless(text);
  if (!isJsonObject(resource)) return text;
  const type = String(resource["resourceType"]);
  const table = summaryElementsOf(type);
  if (!table) return text;
  return stringifyLossless(withTag(pick(resource, type, "", shownBy(table, summary, elements))));
}

/** Whether an element is shown: all of it, only children that are shown themselves, or nothing. */
type Shown = (path: string) => "whole" | "partly" | "not";

function shownBy(
  { summary, required, modifiers }: SummaryElements,
  mode: SummaryMode,
  elements: readonly string[],
): Shown {
  if (mode === "data") return (path) => (path === "text" ? "not" : "whole");
  const asked = new Set(elements.length > 0 ? elements : mode === "text" ? ["text"] : summary);
  const parents = new Set([...asked].flatMap(ancestorsOf));
  const always = mode === "text" ? required : new Set([...required, ...modifiers]);
  return (path) => {
    // A summary lists an element beside its children; a client that names an element wants all of it.
    if (asked.has(path) && (elements.length > 0 || !parents.has(path))) return "whole";
    if (parents.has(path)) return "partly";
    return always.has(path) || path.endsWith(".modifierExtension") ? "whole" : "not";
  };
}

/** `a.b.c` → `a`, `a.b`. */
function ancestorsOf(path: string): string[] {
  const parts = path.split(".");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("."));
}

function pick(object: JsonObject, tableName: string, above: string, shown: Shown): JsonObject {
  const picked: JsonObject = {};
  for (const [member, value] of Object.entries(object)) {
    const name = elementNameOf(tableName, member);
    const path = above === "" ? name : `${above}.${name}`;
    const how = shown(path);
    if (how === "whole") picked[member] = value;
    else if (how === "partly") picked[member] = pickEach(value ?? null, `${tableName}.${name}`, path, shown);
  }
  return picked;
}

function pickEach(value: JsonValue, tableName: string, path: string, shown: Shown): JsonValue {
  if (Array.isArray(value)) return value.map((item) => pickEach(item, tableName, path, shown));
  return isJsonObject(value) ? pick(value, tableName, path, shown) : value;
}

const subsetted = {
  system: "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
  code: "SUBSETTED",
};

function withTag(resource: JsonObject): JsonObject {
  const meta = isJsonObject(resource["meta"]) ? resource["meta"] : {};
  const tags = Array.isArray(meta["tag"]) ? meta["tag"] : [];
  const isTagged = tags.some((tag) => isJsonObject(tag) && tag["code"] === subsetted.code);
  const tagged = { ...meta, tag: isTagged ? tags : [...tags, subsetted] };
  const { resourceType, id, ...rest } = resource;
  return {
    ...(resourceType === undefined ? {} : { resourceType }),
    ...(id === undefined ? {} : { id }),
    ...rest,
    meta: tagged,
  };
}
