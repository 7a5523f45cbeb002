import type { StoredVersion } from "@tributary/fhir";

/** What of a version that stands here decides about a change from elsewhere. */
export function localOf(stored: StoredVersion | undefined) {
  return (
    stored && {
      version: stored.version,
      isDeleted: stored.operation === "delete",
      bodyHash: stored.bodyHash,
    }
  );
}
