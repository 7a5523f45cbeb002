import type { Reader } from "@tributary/database";
import { findRefusedDecision, listRefusedDecisions } from "../conflict/decide/refused-decisions.ts";
import { readParentLink } from "../enrolment/parent-link.ts";
import { findFailedPull, listFailedPulls } from "../pull/failed-pulls.ts";
import { readFailedUnits } from "../push/queue/read-units.ts";
import { readDependants } from "./dependants.ts";
import {
  type Failure,
  type FailureAlone,
  failureOfDecision,
  failureOfPull,
  failureOfUnit,
  parseFailureId,
} from "./failure.ts";

/** A stretch of the list of failures. */
export interface FailurePage {
  /** The last failure that was seen; the list goes on behind it. */
  readonly after?: string;
  readonly limit: number;
}

/**
 * What could not be taken in from the parent or sent to it, in one list: first the parent's records by type and id, then
 * own units in the order in which each first failed, then decisions that the parent refused. It is empty at a node that
 * has no parent.
 */
export async function listFailures(reader: Reader, { after, limit }: FailurePage): Promise<Failure[]> {
  const link = await readParentLink(reader);
  if (!link) return [];
  const last = after === undefined ? undefined : parseFailureId(after);
  const listed: Failure[] = [];
  if (last === undefined || last.kind === "pull") {
    listed.push(...(await listFailedPulls(reader, link.parent, last, limit)).map(failureOfPull));
  }
  if (listed.length < limit && last?.kind !== "decision") {
    const firstCounter = last?.kind === "push" ? last.firstCounter : 0;
    listed.push(...(await listUnits(reader, link.parent, firstCounter, limit - listed.length)));
  }
  if (listed.length < limit) {
    const decisionId = last?.kind === "decision" ? last.decisionId : "";
    const refused = await listRefusedDecisions(reader, link.parent, decisionId, limit - listed.length);
    listed.push(...refused.map(failureOfDecision));
  }
  return listed;
}

/** One failure by its name, or `undefined` when there is none, or none any more. */
export async function readFailure(reader: Reader, failureId: string): Promise<Failure | undefined> {
  const name = parseFailureId(failureId);
  const link = await readParentLink(reader);
  if (link && name?.kind === "push") {
    const [unit] = await listUnits(reader, link.parent, name.firstCounter - 1, 1);
    return unit?.failureId === failureId ? unit : undefined;
  }
  const failure = await findFailure(reader, failureId);
  return failure && { ...failure, dependants: [] };
}

/** One failure by its name, without what waits behind it: for whoever deals with many, one after the other. */
export async function findFailure(reader: Reader, failureId: string): Promise<FailureAlone | undefined> {
  const name = parseFailureId(failureId);
  const link = await readParentLink(reader);
  if (!name || !link) return undefined;
  switch (name.kind) {
    case "pull": {
      const failed = await findFailedPull(reader, link.parent, name);
      return failed && failureOfPull(failed);
    }
    case "push": {
      const [unit] = await readFailedUnits(reader, link.parent, name.firstCounter - 1, 1);
      return unit?.history.firstCounter === name.firstCounter ? failureOfUnit(unit) : undefined;
    }
    case "decision": {
      const refused = await findRefusedDecision(reader, link.parent, name.decisionId);
      return refused && failureOfDecision(refused);
    }
  }
}

async function listUnits(reader: Reader, parent: string, after: number, limit: number): Promise<Failure[]> {
  const units = await readFailedUnits(reader, parent, after, limit);
  if (units.length === 0) return [];
  const dependantsOf = await readDependants(reader, parent);
  return units.map((unit) => ({ ...failureOfUnit(unit), dependants: dependantsOf(unit) }));
}
