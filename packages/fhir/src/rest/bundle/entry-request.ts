import { isResourceType } from "../../definitions/resource-types.ts";
import type { BundleTextEntry } from "../../model/bundle-text.ts";
import { type FhirRefusal, refusal } from "../../model/fhir-refusal.ts";
import { isJsonObject, type JsonObject } from "../../model/json-value.ts";

/** What one entry of a Bundle asks for. */
export interface EntryRequest {
  /** `Bundle.entry[3]` */
  readonly name: string;
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base, without a slash at its start. */
  readonly path: string;
  readonly query: string;
  /** The entry's conditions as the headers that they stand for. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly fullUrl: string | undefined;
  /** The entry's resource, as it was sent. */
  readonly resource: string | undefined;
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

/** Reads what an entry asks for. Throws a refusal (400) that names the entry when it cannot be understood. */
export function readEntryRequest({ envelope, resource }: BundleTextEntry, index: number, base: string): EntryRequest {
  const name = `Bundle.entry[${index}]`;
  const request = envelope["request"];
  if (!isJsonObject(request)) throw refusal(400, "required", "The entry has no request.", `${name}.request`);
  const { method, url } = request;
  if (typeof method !== "string" || !methods.has(method)) {
    throw refusal(400, "value", "The entry's method is none that FHIR knows.", `${name}.request.method`);
  }
  if (typeof url !== "string" || url === "") {
    throw refusal(400, "required", "The entry's request has no url.", `${name}.request.url`);
  }
  const fullUrl = envelope["fullUrl"];
  const relative = (url.startsWith(`${base}/`) ? url.slice(base.length) : url).replace(/^\//, "");
  const mark = relative.indexOf("?");
  return {
    name,
    method: method as EntryRequest["method"],
    path: (mark < 0 ? relative : relative.slice(0, mark)).replace(/\/$/, ""),
    query: mark < 0 ? "" : relative.slice(mark + 1),
    headers: readHeaders(request, name),
    fullUrl: typeof fullUrl === "string" ? fullUrl : undefined,
    resource,
  };
}

/** Splits the path of a write into type and id. Throws a refusal (400) when it is neither `Type` nor `Type/id`. */
export function readWritePath({ path, name }: EntryRequest): {
  readonly type: string;
  readonly id: string | undefined;
} {
  const [type, id, ...rest] = path.split("/");
  if (type === undefined || !isResourceType(type)) {
    const reason = `${(type ?? "").slice(0, 80)} is no resource type of FHIR R4.`;
    throw refusal(400, "not-supported", reason, `${name}.request.url`);
  }
  if (rest.length > 0 || id === "") throw unknownUrl(name);
  return { type, id };
}

/** The refusal of an address that a transaction's entry cannot have. */
export function unknownUrl(name: string): FhirRefusal {
  const reason = "In a transaction a write goes to a type or to a record, such as Patient or Patient/123.";
  return refusal(400, "not-supported", reason, `${name}.request.url`);
}

const conditions = {
  ifMatch: "if-match",
  ifNoneMatch: "if-none-match",
  ifModifiedSince: "if-modified-since",
  ifNoneExist: "if-none-exist",
} as const;

function readHeaders(request: JsonObject, name: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [member, header] of Object.entries(conditions)) {
    const value = request[member];
    if (value === undefined) continue;
    if (typeof value !== "string") {
      throw refusal(400, "structure", `The entry's ${member} is no text.`, `${name}.request.${member}`);
    }
    headers[header] = value;
  }
  return headers;
}
