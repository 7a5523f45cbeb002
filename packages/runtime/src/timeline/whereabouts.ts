import type { AuditEntry, AuditOperation } from "@tributary/audit";

/** What is known here of where one version of a record is on other nodes. */
export interface Whereabouts {
  readonly node: string;
  /** The node has this content, has only told of another one, or could not take it in. */
  readonly state: "has-it" | "has-another" | "failed";
  /** When it said so, by its own clock, or when its answer came, by this node's. */
  readonly at: number;
  /** The number that the version has there, as far as it is known. */
  readonly version: number | null;
  readonly by: AuditOperation;
  readonly error: string | null;
}

/** Operations that name one content on every node: where it was first written, and each unit in which it travelled. */
export function operationsOf(originOperation: string | null, trail: readonly AuditEntry[]): ReadonlySet<string> {
  return new Set([originOperation, ...trail.map(({ operationId }) => operationId)].filter((one) => one !== null));
}

/** The entries of other nodes that tell of a content by one of its operations. */
export function tellingOf(operations: ReadonlySet<string>, foreign: readonly AuditEntry[]): AuditEntry[] {
  return foreign.filter(({ operationId }) => operationId !== null && operations.has(operationId));
}

/**
 * Where a version is: each node that told of it or answered for it, and each that told of the record otherwise, by name.
 * What a node has not told here yet is not known; `has-another` may be a later version or an earlier one.
 */
export function whereaboutsOf(
  version: { readonly trail: readonly AuditEntry[]; readonly elsewhere: readonly AuditEntry[] },
  foreign: readonly AuditEntry[],
): Whereabouts[] {
  const found = new Map<string, Whereabouts>();
  for (const entry of foreign) {
    const state = entry.operation === "failed-attempt" ? "failed" : "has-another";
    if (entry.versionAfter !== null || state === "failed") found.set(entry.node, aboutEntry(entry, state));
  }
  for (const entry of version.trail) {
    const { link, outcome, operation } = entry;
    if (link === null || operation === "failed-attempt" || !takenOutcomes.has(outcome)) continue;
    found.set(link, { ...aboutEntry(entry, "has-it"), node: link, version: null });
  }
  for (const entry of version.elsewhere) {
    if (entry.versionAfter !== null) found.set(entry.node, aboutEntry(entry, "has-it"));
  }
  return [...found.values()].sort((one, other) => (one.node < other.node ? -1 : 1));
}

/** Endings of an exchange after which both ends of the link have the same content. */
const takenOutcomes: ReadonlySet<string> = new Set(["applied", "unchanged", "merged", "deleted"]);

function aboutEntry(
  { node, at, versionAfter, operation, error }: AuditEntry,
  state: Whereabouts["state"],
): Whereabouts {
  return { node, state, at, version: versionAfter, by: operation, error };
}
