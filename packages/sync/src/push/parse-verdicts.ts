import { TributaryError } from "@tributary/kernel";
import { isResourceId, isResourceType } from "../stream/stream-page.ts";
import type { RecordVerdict, UnitVerdict } from "./push-unit.ts";

/** Reads a parent's verdicts by operation; anything else throws `REMOTE_NONSENSE`, and the units are asked again. */
export function parseVerdicts(text: string): Map<string, UnitVerdict> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw nonsense();
  }
  const list = (value as { verdicts?: unknown } | null)?.verdicts;
  if (!Array.isArray(list)) throw nonsense();
  const verdicts = new Map<string, UnitVerdict>();
  for (const one of list as unknown[]) {
    if (!Array.isArray(one) || typeof one[0] !== "string" || !isVerdict(one[1])) throw nonsense();
    verdicts.set(one[0], one[1]);
  }
  return verdicts;
}

function isVerdict(value: unknown): value is UnitVerdict {
  if (typeof value !== "object" || value === null) return false;
  const { kind, reason, records } = value as Record<string, unknown>;
  if (kind === "rejected") return typeof reason === "string";
  return kind === "taken" && Array.isArray(records) && records.every(isRecordVerdict);
}

function isRecordVerdict(value: unknown): value is RecordVerdict {
  if (typeof value !== "object" || value === null) return false;
  const { type, id, outcome, version, body, conflicts } = value as Record<string, unknown>;
  return (
    isResourceType(type) &&
    isResourceId(id) &&
    (outcome === "applied" || outcome === "unchanged" || (outcome === "merged" && body !== undefined)) &&
    Number.isSafeInteger(version) &&
    (body === undefined || body === null || typeof body === "string") &&
    Number.isSafeInteger(conflicts)
  );
}

function nonsense(): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", "The answer holds no verdicts.", { retryable: true });
}
