/**
 * Everything that can be done, in the words that every screen and command uses; `audit` is what happens to a trail itself,
 * such as a child's beginning of a further chain.
 */
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
] as const;

/** What was done. */
export type AuditOperation = (typeof auditOperations)[number];

/** One state change as its author tells it, before it has a place in the chain. */
export interface AuditDraft {
  /** Milliseconds since 1970; for people to read, never to order by. */
  readonly at: number;
  /** The user or the node on whose behalf it happened. */
  readonly actor: string;
  readonly operation: AuditOperation;
  /** `Type/id` of the record concerned, or `null` when it concerns the node itself. */
  readonly reference: string | null;
  readonly versionBefore: number | null;
  readonly versionAfter: number | null;
  /** The node at the other end, when it came or went over a link. */
  readonly link: string | null;
  /** The operation's own identifier, which every node on its way repeats. */
  readonly operationId: string | null;
  /** How it ended: *applied, unchanged, merged, parked, rejected, outside-catchment* … */
  readonly outcome: string;
  /** An error code; never free text that could carry personal data. */
  readonly error: string | null;
}

/** One state change as it stands in the trail. */
export interface AuditEntry extends AuditDraft {
  /** The key under which it was written; unique, in no particular order. */
  readonly entryId: number;
  /** The node that wrote it. */
  readonly node: string;
  /** Its gapless place in the chain, or `null` for the short while until it is sealed. */
  readonly position: number | null;
  /** SHA-256 over the place before it and its own content, as 64 hexadecimal digits. */
  readonly chainHash: string | null;
}
