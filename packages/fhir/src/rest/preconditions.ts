import { refusal } from "../model/fhir-refusal.ts";
import type { StoredVersion } from "../store/stored-version.ts";

/** A version as the weak entity tag by which FHIR names it. See https://hl7.org/fhir/R4/http.html#concurrency */
export function entityTag(version: number): string {
  return `W/"${version}"`;
}

/**
 * The version that must be current for a change to be made (`If-Match`); `undefined` when the client asks for none.
 * Throws a refusal (400) when the header names no single version.
 */
export function readIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  const version = versionOf(header);
  if (version === undefined) {
    throw refusal(400, "value", `If-Match must name one version, such as ${entityTag(1)}; it is ${header}.`);
  }
  return version;
}

/** Tells whether a change is to be made only if the record does not exist (`If-None-Match: *`). */
export function readMustBeAbsent(header: string | undefined): boolean {
  if (header === undefined || header.trim() === "") return false;
  if (header.trim() === "*") return true;
  throw refusal(400, "value", "If-None-Match on a write can only be `*`: write if the resource does not exist yet.");
}

/** Tells whether the client of a read already holds this version (`If-None-Match` counts before `If-Modified-Since`). */
export function isAlreadyHeld(
  { version, lastUpdated }: StoredVersion,
  headers: Readonly<Record<string, string | undefined>>,
): boolean {
  const { "if-none-match": held, "if-modified-since": since } = headers;
  if (held !== undefined) return held.trim() === "*" || held.split(",").some((tag) => versionOf(tag) === version);
  const moment = since === undefined ? Number.NaN : Date.parse(since);
  // HTTP dates have whole seconds.
  return Math.floor(lastUpdated / 1000) * 1000 <= moment;
}

function versionOf(tag: string): number | undefined {
  const found = /^\s*(?:W\/)?"?(\d{1,15})"?\s*$/.exec(tag);
  return found ? Number(found[1]) : undefined;
}
