import type { StoredVersion, WriteOutcome } from "@tributary/fhir";

/** The record's version after a write that may have found nothing to change. */
export function versionAfter(outcome: WriteOutcome | undefined, before: StoredVersion): number {
  switch (outcome?.kind) {
    case "created":
    case "updated":
    case "deleted":
      return outcome.version.version;
    default:
      return before.version;
  }
}
