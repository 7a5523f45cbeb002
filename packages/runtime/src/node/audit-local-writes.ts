import { appendAudit } from "@tributary/audit";
import type { FhirApiOptions } from "@tributary/fhir";
import type { NodeId } from "@tributary/kernel";

/**
 * Makes what enters the writes of this node's own clients in its audit trail, an entry a version, in the transaction that
 * writes them. What comes over a link is told by the part that takes it in.
 */
export function auditLocalWrites(node: NodeId): NonNullable<FhirApiOptions["onWritten"]> {
  return (tx, versions) =>
    appendAudit(
      tx,
      node,
      versions.map(({ key, version, operation, lastUpdated, author, originOperation }) => ({
        at: lastUpdated,
        actor: author ?? node,
        operation: "local-write",
        reference: `${key.type}/${key.id}`,
        versionBefore: version === 1 ? null : version - 1,
        versionAfter: version,
        link: null,
        operationId: originOperation,
        outcome: operation === "delete" ? "deleted" : "applied",
        error: null,
      })),
    );
}
