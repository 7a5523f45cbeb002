import { TributaryError } from "@tributary/kernel";
import { isKeptText, isResourceId, isResourceType } from "../stream/stream-page.ts";
import type { RecordVerdict, RefusalClass, UnitVerdict } from "./push-unit.ts";

/** What a parent says of the operations that were named to it. */
export interface VerdictAnswer {
  readonly verdicts: ReadonlyMap<string, UnitVerdict>;
  /** Operations that were asked about and that it has never seen: their content is to be sent again. */
  readonly unknown: readonly string[];
}

/** Missing records that are believed of one verdict; a parent names fewer. */
const missingMax = 10_000;

const refusalClasses: readonly unknown[] = [
  "invalid",
  "forbidden",
  "too-large",
  "unknown-type",
] satisfies readonly RefusalClass[];

/** Reads a parent's verdicts by operation; anything else throws `REMOTE_NONSENSE`, and the units are asked again. */
export function parseVerdicts(text: string): VerdictAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw nonsense();
  }
  const { verdicts: list, unknown = [] } = (value ?? {}) as { verdicts?: unknown; unknown?: unknown };
  if (!Array.isArray(list) || !Array.isArray(unknown) || !unknown.every(isText)) throw nonsense();
  const verdicts = new Map<string, UnitVerdict>();
  for (const one of list as unknown[]) {
    if (!Array.isArray(one) || typeof one[0] !== "string" || !isVerdict(one[1])) throw nonsense();
    verdicts.set(one[0], one[1]);
  }
  return { verdicts, unknown };
}

function isVerdict(value: unknown): value is UnitVerdict {
  if (typeof value !== "object" || value === null) return false;
  const { kind, reason, records, missing, class: refusalClass } = value as Record<string, unknown>;
  switch (kind) {
    case "rejected":
      return isKeptText(reason) && (refusalClass === undefined || refusalClasses.includes(refusalClass));
    case "parked":
      return Array.isArray(missing) && missing.length <= missingMax && missing.every(isReference);
    case "withdrawn":
      return true;
    case "taken":
      return Array.isArray(records) && records.every((record) => isRecordVerdict(record) && hasItsBody(record));
    case "outside-catchment":
      return Array.isArray(records) && records.every(isRecordVerdict);
    default:
      return false;
  }
}

function isRecordVerdict(value: unknown): value is RecordVerdict {
  if (typeof value !== "object" || value === null) return false;
  const { type, id, outcome, version, body, conflicts } = value as Record<string, unknown>;
  return (
    isResourceType(type) &&
    isResourceId(id) &&
    (outcome === "applied" || outcome === "unchanged" || outcome === "merged") &&
    Number.isSafeInteger(version) &&
    (body === undefined || body === null || typeof body === "string") &&
    Number.isSafeInteger(conflicts)
  );
}

function hasItsBody({ outcome, body }: RecordVerdict): boolean {
  return outcome !== "merged" || body !== undefined;
}

function isReference(value: unknown): value is string {
  if (typeof value !== "string") return false;
  const slash = value.indexOf("/");
  return isResourceType(value.slice(0, slash)) && isResourceId(value.slice(slash + 1));
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function nonsense(): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", "The answer holds no verdicts.", { retryable: true });
}
