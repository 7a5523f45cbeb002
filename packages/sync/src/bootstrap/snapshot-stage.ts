import type { SnapshotStage } from "./snapshot-manifest.ts";

/** What was done within so many days before the snapshot comes before what is older. */
const recentDays = 366;
const dayMs = 86_400_000;

const always: ReadonlySet<string> = new Set(["Patient", "AllergyIntolerance", "Condition"]);
const medication: ReadonlySet<string> = new Set(["MedicationRequest", "MedicationStatement"]);
/** Of a prescription in one of these states nobody takes anything any more. */
const over: ReadonlySet<unknown> = new Set(["completed", "stopped", "cancelled", "entered-in-error", "not-taken"]);

/**
 * The stage in which a record travels, by its type, by the status of a medication, and else by the latest day that its
 * text names; a record without any day is taken for recent.
 */
export function stageOf(
  record: { readonly key: { readonly type: string }; readonly patient: string | null; readonly body: string },
  now: number,
): SnapshotStage {
  const { type } = record.key;
  if (record.patient === null) return "metadata";
  if (always.has(type)) return "care";
  if (medication.has(type) && !over.has((JSON.parse(record.body) as { status?: unknown }).status)) return "care";
  const latest = latestDayIn(record.body);
  return latest === undefined || latest >= new Date(now - recentDays * dayMs).toISOString().slice(0, 10)
    ? "recent"
    : "older";
}

function latestDayIn(body: string): string | undefined {
  let latest: string | undefined;
  for (const [, day] of body.matchAll(/"(\d{4}-\d{2}-\d{2})(?=["T])/g)) {
    if (latest === undefined || day! > latest) latest = day;
  }
  return latest;
}
