import { literalReferencesIn } from "../push/literal-references.ts";
import { type SnapshotStage, snapshotStages } from "./snapshot-manifest.ts";

/** A record whose stage is decided. */
interface StagedRecord {
  readonly key: { readonly type: string; readonly id: string };
  readonly patient: string | null;
  readonly body: string;
}

/** What was done within so many days before the snapshot comes before what is older. */
const recentDays = 366;
const dayMs = 86_400_000;

const always: ReadonlySet<string> = new Set(["Patient", "AllergyIntolerance", "Condition"]);
const medication: ReadonlySet<string> = new Set(["MedicationRequest", "MedicationStatement"]);
/** Of a prescription in one of these states nobody takes anything any more. */
const over: ReadonlySet<unknown> = new Set(["completed", "stopped", "cancelled", "entered-in-error", "not-taken"]);

/**
 * The stages in which the records of one patient travel: by the type, by the status of a medication, and else by the latest
 * day that the text names; a record without any day is taken for recent. What a record refers to comes no later than that
 * record.
 */
export function stagesOf<Record extends StagedRecord>(
  records: readonly Record[],
  now: number,
): ReadonlyMap<Record, SnapshotStage> {
  const stages = new Map(records.map((record) => [record, stageOf(record, now)]));
  if (new Set(stages.values()).size > 1) bringForward(stages);
  return stages;
}

function bringForward<Record extends StagedRecord>(stages: Map<Record, SnapshotStage>): void {
  const known = new Map([...stages.keys()].map((record) => [`${record.key.type}/${record.key.id}`, record]));
  for (const [rank, stage] of snapshotStages.entries()) {
    const open = [...stages].filter(([, of]) => of === stage).map(([record]) => record);
    for (let record = open.pop(); record !== undefined; record = open.pop()) {
      for (const name of literalReferencesIn(record.body)) {
        const target = known.get(name);
        if (!target || snapshotStages.indexOf(stages.get(target)!) <= rank) continue;
        stages.set(target, stage);
        open.push(target);
      }
    }
  }
}

function stageOf(record: StagedRecord, now: number): SnapshotStage {
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
