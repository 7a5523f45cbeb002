import type { Reader } from "@tributary/database";
import { countRefusedDecisions } from "../conflict/decide/refused-decisions.ts";
import { readParentLink } from "../enrolment/parent-link.ts";
import { everyPage } from "../every-page.ts";
import { type FailedPull, listFailedPulls } from "../pull/failed-pulls.ts";
import type { FailedUnit } from "../push/queue/queued-unit.ts";
import { readFailedUnits } from "../push/queue/read-units.ts";
import type { Failure } from "./failure.ts";
import { classOfPull, type FailureClass, failureClasses } from "./failure-class.ts";

/** How many failures there are. */
export interface FailureCounts {
  readonly total: number;
  readonly byClass: Readonly<Record<FailureClass, number>>;
  readonly byKind: Readonly<Record<Failure["kind"], number>>;
}

/** Failures looked at in one step. */
const countedPerStep = 1_000;

/** Counts what `listFailures` lists, by class and by kind, without looking for what waits behind each. */
export async function countFailures(reader: Reader): Promise<FailureCounts> {
  const byClass = Object.fromEntries(failureClasses.map((name) => [name, 0])) as Record<FailureClass, number>;
  const byKind = { pull: 0, push: 0, decision: 0 };
  const count = (kind: Failure["kind"], ofClass: FailureClass, failures = 1) => {
    byKind[kind] += failures;
    byClass[ofClass] += failures;
  };
  const link = await readParentLink(reader);
  if (link) {
    await countPulls(reader, link.parent, count);
    await countUnits(reader, link.parent, count);
    count("decision", "forbidden", await countRefusedDecisions(reader, link.parent));
  }
  return { total: byKind.pull + byKind.push + byKind.decision, byClass, byKind };
}

type Count = (kind: Failure["kind"], ofClass: FailureClass) => void;

async function countPulls(reader: Reader, parent: string, count: Count): Promise<void> {
  const pages = everyPage<FailedPull>(countedPerStep, (last) => listFailedPulls(reader, parent, last, countedPerStep));
  for await (const some of pages) for (const { reason } of some) count("pull", classOfPull(reason));
}

async function countUnits(reader: Reader, parent: string, count: Count): Promise<void> {
  const pages = everyPage<FailedUnit>(countedPerStep, (last) =>
    readFailedUnits(reader, parent, last?.history.firstCounter ?? 0, countedPerStep),
  );
  for await (const some of pages) for (const unit of some) count("push", unit.class);
}
