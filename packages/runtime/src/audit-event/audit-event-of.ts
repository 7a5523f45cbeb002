import type { AuditEntry } from "@tributary/audit";
import type { VirtualResource } from "@tributary/fhir";
import { actionCodeOf, eventTypes, nodeSystem, outcomeCodeOf, subtypesOf, userSystem } from "./audit-event-codes.ts";

/** Digits of an entry's hash that stand in its id, beside its position: no two entries of any nodes share both. */
const hashDigits = 32;

/**
 * One sealed entry of the trail as a FHIR AuditEvent. Its id is the same at every node that has the entry. A node counts
 * the versions of its records by itself: only its own entries name versions as references, those of others as details.
 * See https://hl7.org/fhir/R4/auditevent.html
 */
export function auditEventOf(entry: AuditEntry, ownNode: string): VirtualResource {
  const id = auditEventIdOf(entry);
  const recorded = new Date(entry.at).toISOString();
  const resource = {
    resourceType: "AuditEvent",
    id,
    meta: { versionId: "1", lastUpdated: recorded },
    type: entry.reference === null ? eventTypes.node : eventTypes.record,
    subtype: subtypesOf(entry),
    action: actionCodeOf(entry),
    recorded,
    outcome: outcomeCodeOf(entry),
    outcomeDesc: entry.error === null ? entry.outcome : `${entry.outcome}: ${entry.error}`,
    agent: agentsOf(entry),
    source: {
      site: entry.node,
      observer: nodeReference(entry.node),
      type: [
        {
          system: "http://terminology.hl7.org/CodeSystem/security-source-type",
          code: "4",
          display: "Application Server",
        },
      ],
    },
    entity: entitiesOf(entry, ownNode),
  };
  return { id, lastUpdated: entry.at, text: JSON.stringify(resource) };
}

/** The id of a sealed entry as an AuditEvent: `position-hash`. */
function auditEventIdOf({ position, chainHash }: AuditEntry): string {
  return `${position}-${chainHash?.slice(0, hashDigits)}`;
}

/** The place of an entry by its id as an AuditEvent; `undefined` when the text is none. */
export function placeOfAuditEvent(
  id: string,
): { readonly position: number; readonly hashBeginning: string } | undefined {
  const found = /^([1-9]\d{0,14})-([0-9a-f]{32})$/.exec(id);
  return found ? { position: Number(found[1]), hashBeginning: found[2]! } : undefined;
}

function agentsOf({ actor, node, link }: AuditEntry): object[] {
  const isNode = actor === node || actor === link;
  const who = isNode ? nodeReference(actor) : { identifier: { system: userSystem, value: actor }, display: actor };
  const agents: object[] = [{ who, name: actor, requestor: true }];
  if (actor !== node) agents.push({ who: nodeReference(node), name: node, requestor: false });
  if (link !== null && link !== actor) {
    agents.push({
      role: [{ text: "the other end of the link" }],
      who: nodeReference(link),
      name: link,
      requestor: false,
    });
  }
  return agents;
}

function entitiesOf(entry: AuditEntry, ownNode: string): object[] {
  const { reference, versionBefore, versionAfter } = entry;
  const detail = detailsOf(entry);
  if (reference === null) return [{ name: entry.operation, detail }];
  const kind = reference.startsWith("Patient/") ? patientKind : recordKind;
  const isOwn = entry.node === ownNode;
  const versioned = (version: number) => ({ reference: `${reference}/_history/${version}` });
  const what = isOwn && versionAfter !== null ? versioned(versionAfter) : { reference };
  const entities: object[] = [{ what, ...kind, detail }];
  if (isOwn && versionBefore !== null && versionBefore !== versionAfter) {
    entities.push({ what: versioned(versionBefore), ...kind, description: "before" });
  }
  return entities;
}

function detailsOf({ versionBefore, versionAfter, operationId, position, chainHash }: AuditEntry): object[] {
  const details = {
    "version-before": versionBefore,
    "version-after": versionAfter,
    operation: operationId,
    position,
    hash: chainHash,
  };
  return Object.entries(details).flatMap(([type, value]) =>
    value === null ? [] : [{ type, valueString: String(value) }],
  );
}

function nodeReference(node: string): object {
  return { type: "Device", identifier: { system: nodeSystem, value: node }, display: node };
}

const entityTypes = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const objectRoles = "http://terminology.hl7.org/CodeSystem/object-role";
const patientKind = {
  type: { system: entityTypes, code: "1", display: "Person" },
  role: { system: objectRoles, code: "1", display: "Patient" },
} as const;
const recordKind = {
  type: { system: entityTypes, code: "2", display: "System Object" },
  role: { system: objectRoles, code: "4", display: "Domain Resource" },
} as const;
