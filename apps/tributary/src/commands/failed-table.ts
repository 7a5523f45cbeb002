import type { FailureAnswer, FailureDetail } from "@tributary/admin-api";
import { losslessJson } from "./conflict-text.ts";
import { printable, textTable } from "./text-table.ts";

/** References of one unit shown in the table; `failed show` has them all. */
const referencesShown = 3;

/** Failures as a table: a line each, in columns. */
export function failureTable(failures: readonly FailureAnswer[]): string {
  const headings = ["failure", "records", "why", "class", "attempts", "since", "next attempt", "behind it"];
  const rows = failures.map((failure) => [
    failure.failureId,
    some(failure.references),
    failure.reason,
    failure.class,
    String(failure.attempts),
    moment(failure.firstFailedAt),
    nextAttempt(failure),
    String(failure.dependants.length),
  ]);
  return textTable(headings, rows);
}

/** One failure in full, with what its records hold at this node. */
export function describeFailure(failure: FailureDetail): string {
  const { references, records, absent } = failure;
  const lines = [
    `${failure.failureId}: ${failure.reason} (${failure.class}), ${failure.attempts} attempts`,
    `since ${moment(failure.firstFailedAt)}, last ${moment(failure.lastFailedAt)}`,
    failure.reason === "refused-by-parent"
      ? "tried again when one of its records is edited, or by `tributary failed retry`"
      : `next attempt: ${nextAttempt(failure)}`,
  ];
  if (failure.missing.length > 0) lines.push(`waits for ${some(failure.missing)}`);
  if (failure.dependants.length > 0) lines.push(`behind it: ${failure.dependants.join(", ")}`);
  if (failure.detail !== null) lines.push(failure.detail);
  for (const { reference, version, body } of records ?? []) {
    const place = `version ${version} here`;
    lines.push("", `${reference} ${body === null ? `deleted in ${place}` : place}`);
    if (body !== null) lines.push(losslessJson(body));
  }
  if (records === null) lines.push("", "What its records say is shown to a reviewer or an administrator.");
  for (const reference of absent) lines.push("", `${reference} is not here`);
  const untold = references.length - absent.length - (records?.length ?? references.length);
  if (untold > 0) lines.push("", `${untold} more records stand here.`);
  return lines.map(printable).join("\n");
}

function nextAttempt({ nextAttemptAt, reason }: FailureAnswer): string {
  if (nextAttemptAt !== null) return moment(nextAttemptAt);
  if (reason === "decision-refused") return "when retried";
  return reason === "refused-by-parent" ? "when edited or retried" : "in the next round";
}

function some(references: readonly string[]): string {
  const more = references.length - referencesShown;
  return references.slice(0, referencesShown).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function moment(ms: number | null): string {
  return ms === null ? "unknown" : new Date(ms).toISOString();
}
