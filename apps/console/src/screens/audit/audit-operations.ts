import type { AuditEntry } from "@tributary/admin-api";

/** Everything that the trail tells of, in the order in which people look for it. */
export const auditOperations = [
  "local-write",
  "pull",
  "push",
  "merge",
  "resolve",
  "manual",
  "enrol",
  "configure",
  "audit",
  "failed-attempt",
] as const satisfies readonly AuditEntry["operation"][];
