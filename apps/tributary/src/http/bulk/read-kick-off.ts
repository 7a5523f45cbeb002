import { isResourceType } from "@tributary/fhir";
import type { HttpRequest } from "@tributary/kernel";
import type { BulkExport } from "@tributary/sync";
import { RequestRefused } from "../request-refused.ts";

/** What a client wishes to have exported, of which group and by whom apart. */
export type KickOffWish = Pick<BulkExport, "requestUrl" | "types" | "since">;

const formats: ReadonlySet<string> = new Set(["application/fhir+ndjson", "application/ndjson", "ndjson"]);
const known: ReadonlySet<string> = new Set(["_outputFormat", "_since", "_type", "_format"]);
/** A whole instant, as FHIR writes one; less would leave open which. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Reads the request that begins an export. Refuses with 400 what it asks for and cannot have; a wish that is not known is
 * passed over if the client says `Prefer: handling=lenient`.
 * See https://hl7.org/fhir/uv/bulkdata/STU2/export.html#bulk-data-kick-off-request
 */
export function readKickOff({ url, headers }: HttpRequest): KickOffWish {
  const wishes = (headers["prefer"] ?? "").split(/[,;]/).map((wish) => wish.trim().toLowerCase());
  if (!wishes.includes("respond-async")) {
    throw refused("An export takes its time; send the header `Prefer: respond-async`.");
  }
  const asked = url.searchParams;
  const unknown = [...asked.keys()].find((name) => !known.has(name));
  if (unknown !== undefined && !wishes.includes("handling=lenient")) {
    throw refused(`${unknown.slice(0, 80)} is not known here; _type, _since and _outputFormat are.`);
  }
  const format = asked.get("_outputFormat")?.replace(" ", "+") ?? "ndjson";
  if (!formats.has(format)) throw refused(`Exports are written as application/fhir+ndjson, and not otherwise.`);
  return { requestUrl: url.href, types: readTypes(asked.getAll("_type")), since: readSince(asked.get("_since")) };
}

function readTypes(given: readonly string[]): readonly string[] | null {
  if (given.length === 0) return null;
  const types = [...new Set(given.flatMap((list) => list.split(",")).map((type) => type.trim()))];
  const unknown = types.find((type) => !isResourceType(type));
  if (unknown !== undefined)
    throw refused(`_type names ${unknown.slice(0, 80)}, which is no resource type of FHIR R4.`);
  return types;
}

function readSince(given: string | null): number | null {
  if (given === null) return null;
  // In a query a plus sign is a space.
  const text = given.replace(" ", "+");
  const since = Date.parse(text);
  if (!instant.test(text) || Number.isNaN(since)) {
    throw refused("_since is an instant, such as 2026-05-01T00:00:00Z.");
  }
  return since;
}

function refused(sentence: string): RequestRefused {
  return new RequestRefused({ status: 400, code: "invalid", sentence });
}
