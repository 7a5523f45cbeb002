import { isResourceId, isResourceType, type ResourceKey } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import type { SelectedPage, SelectedRecord } from "./find-selected.ts";

/** A page as it is sent: records as lists, since there are many of them. */
export function writeSelectedPage({ records, missing, next }: SelectedPage): unknown {
  return {
    records: records.map(({ type, id, version, isDeleted, bodyDigest, size }) => [
      type,
      id,
      version,
      isDeleted ? null : bodyDigest,
      size,
    ]),
    missing: missing.map(({ type, id }) => [type, id]),
    next: next ?? null,
  };
}

/** Reads a parent's answer; anything else throws `REMOTE_NONSENSE`. */
export function parseSelectedPage(text: string): SelectedPage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw nonsense();
  }
  const { records, missing, next } = (value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(records) || !Array.isArray(missing) || !(next === null || typeof next === "string")) {
    throw nonsense();
  }
  return { records: records.map(recordOf), missing: missing.map(keyOf), next: next ?? undefined };
}

function recordOf(line: unknown): SelectedRecord {
  const key = keyOf(line);
  const [, , version, digest, size] = line as readonly unknown[];
  if (!isCount(version) || !isCount(size) || !(digest === null || typeof digest === "string")) throw nonsense();
  return { ...key, version, isDeleted: digest === null, bodyDigest: digest ?? "", size };
}

function keyOf(line: unknown): ResourceKey {
  const [type, id] = Array.isArray(line) ? (line as readonly unknown[]) : [];
  if (typeof type !== "string" || typeof id !== "string" || !isResourceType(type) || !isResourceId(id))
    throw nonsense();
  return { type, id };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function nonsense(): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", "The answer is no selection of records.", { retryable: true });
}
