import type { Reader } from "@tributary/database";
import { readParentLink } from "../enrolment/parent-link.ts";
import { findFailedPull, listFailedPulls } from "../pull/failed-pulls.ts";
import { readFailedUnits } from "../push/queue/read-units.ts";
import { readDependants } from "./dependants.ts";
import { type Failure, failureOfPull, failureOfUnit, parseFailureId } from "./failure.ts";

/** A stretch of the list of failures. */
export interface FailurePage {
  /** The last failure that was seen; the list goes on behind it. */
  readonly after?: string;
  readonly limit: number;
}

/**
 * What could not be taken in from the parent or sent to it, in one list: first the parent's records by type and id, then
 * own units in the order in which each first failed. It is empty at a node that has no parent.
 */
export async function listFailures(reader: Reader, { after, limit }: FailurePage): Promise<Failure[]> {
  const link = await readParentLink(reader);
  if (!link) return [];
  const last = after === undefined ? undefined : parseFailureId(after);
  const pulls =
    last?.kind === "push" ? [] : (await listFailedPulls(reader, link.parent, last, limit)).map(failureOfPull);
  const left = limit - pulls.length;
  if (left <= 0) return pulls;
  const firstCounter = last?.kind === "push" ? last.firstCounter : 0;
  const units = await readFailedUnits(reader, link.parent, firstCounter, left);
  if (units.length === 0) return pulls;
  const dependantsOf = await readDependants(reader, link.parent);
  return [...pulls, ...units.map((unit) => failureOfUnit(unit, dependantsOf(unit)))];
}

/** One failure by its name, or `undefined` when there is none, or none any more. */
export async function readFailure(reader: Reader, failureId: string): Promise<Failure | undefined> {
  const name = parseFailureId(failureId);
  const link = await readParentLink(reader);
  if (!name || !link) return undefined;
  if (name.kind === "pull") {
    const failed = await findFailedPull(reader, link.parent, name);
    return failed && failureOfPull(failed);
  }
  const [unit] = await readFailedUnits(reader, link.parent, name.firstCounter - 1, 1);
  if (unit?.history.firstCounter !== name.firstCounter) return undefined;
  return failureOfUnit(unit, (await readDependants(reader, link.parent))(unit));
}
