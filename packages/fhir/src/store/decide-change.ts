import type { RecordState } from "./record-state.ts";
import type { Expected, WriteOutcome } from "./resource-change.ts";
import type { ResourceOperation, StoredVersion } from "./stored-version.ts";

/** What a change comes to: a next version to write, or an ending without one. */
export type Decision =
  | { readonly kind: "write"; readonly version: number; readonly operation: ResourceOperation }
  | Extract<WriteOutcome, { kind: "unchanged" | "absent" | "version-mismatch" }>;

/** Decides about new content: equal content makes no version, and what was deleted is created again. */
export function decideSave(
  { locked, current }: RecordState,
  bodyHash: string,
  expected: Expected | undefined,
): Decision {
  const mismatch = mismatchOf(current, expected);
  if (mismatch) return mismatch;
  if (current?.body !== undefined && current.bodyHash === bodyHash) return { kind: "unchanged", version: current };
  const operation = current?.body === undefined ? "create" : "update";
  return { kind: "write", version: (locked?.version ?? 0) + 1, operation };
}

/** Decides about a deletion: what is gone, or never was, is left as it is. */
export function decideDelete({ current }: RecordState, expected: number | undefined): Decision {
  const mismatch = mismatchOf(current, expected);
  if (mismatch) return mismatch;
  if (current?.body === undefined) return { kind: "absent", version: current };
  return { kind: "write", version: current.version + 1, operation: "delete" };
}

function mismatchOf(current: StoredVersion | undefined, expected: Expected | undefined): Decision | undefined {
  if (expected === undefined || expected === "fresh") return undefined;
  if (expected === "absent") {
    return current?.body === undefined ? undefined : { kind: "version-mismatch", current: current.version };
  }
  return current?.version === expected ? undefined : { kind: "version-mismatch", current: current?.version };
}
