import type { FailedPullReason } from "../pull/failed-pulls.ts";
import type { RefusalClass } from "../push/push-unit.ts";

/**
 * What kind of remedy a failure needs. `transient` is tried again by the clock, `dependency` once something else has come;
 * the others wait for another circumstance: the record is edited, a program is upgraded, a right is given.
 */
export type FailureClass = "transient" | "dependency" | RefusalClass;

/** All classes, as a user may name them. */
export const failureClasses: readonly FailureClass[] = [
  "transient",
  "dependency",
  "invalid",
  "forbidden",
  "too-large",
  "unknown-type",
];

/** The class of each reason for which a record of the parent waits. */
export const classOfPullReason: Readonly<Record<FailedPullReason, FailureClass>> = {
  "edited-here": "dependency",
  "missing-at-parent": "dependency",
  "changed-meanwhile": "transient",
  "not-applicable": "invalid",
};

/** The class of what keeps a record of the parent from being taken in. */
export function classOfPull(reason: FailedPullReason): FailureClass {
  return classOfPullReason[reason];
}
