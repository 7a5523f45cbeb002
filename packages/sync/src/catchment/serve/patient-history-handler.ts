import { appendAudit, auditDraft } from "@tributary/audit";
import type { Database, Reader } from "@tributary/database";
import { isResourceId, type JsonObject, patientOf, type ResourceStore, type StoredVersion } from "@tributary/fhir";
import type { Clock, NodeId } from "@tributary/kernel";
import type { ChildHandler } from "../../enrolment/child-authentication.ts";
import { jsonAnswer, refusal } from "../../line/json-answer.ts";
import { jsonObjectIn } from "../../line/json-object.ts";
import { collectiveTypes } from "../metadata-types.ts";
import type { RefusalTrail } from "../refusal-trail.ts";
import { visibilityOf } from "../visibility.ts";
import { isVersionPlace, type PatientHistoryPage, type ToldVersion, type VersionPlace } from "./patient-history.ts";

/** Versions read from the database at a time. */
const sliceVersions = 200;
/** Content that one answer carries, beyond the version that passes it. */
const answerBytes = 1024 * 1024;

export interface PatientHistoryOptions {
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly clock: Clock;
  readonly refusals: RefusalTrail;
}

/**
 * Tells a child all versions of the records of one patient whom it may have, page by page; each asking is audited. A
 * version in which a record was another patient's is not told, and a patient whom it may not have has none.
 */
export function createPatientHistoryHandler(
  database: Database,
  { store, nodeId, clock, refusals }: PatientHistoryOptions,
): ChildHandler {
  return async (request, child) => {
    const asked = parseAsked(request.body);
    if (!asked) return refusal(400, "REMOTE_REFUSED", "Send patient, and before: a place, or null.");
    const { patient, before } = asked;
    const page = await database.snapshot(async (reader) => {
      const { mayHold } = await visibilityOf(reader, child.node, clock.now());
      return (await mayHold(reader, [patient])).has(patient) ? readPage(reader, store, asked) : undefined;
    });
    if (!page) {
      await refusals.note(child.node, 1);
      return jsonAnswer(200, { versions: [], next: null } satisfies PatientHistoryPage);
    }
    if (before === null) {
      const entry = { at: clock.now(), actor: child.node, operation: "manual", link: child.node } as const;
      const told = auditDraft({ ...entry, reference: `Patient/${patient}`, outcome: "history-told" });
      await database.transaction((tx) => appendAudit(tx, nodeId, [told]));
    }
    return jsonAnswer(200, page);
  };
}

interface Asked {
  readonly patient: string;
  readonly before: VersionPlace | null;
}

async function readPage(reader: Reader, store: ResourceStore, { patient, before }: Asked): Promise<PatientHistoryPage> {
  const versions: ToldVersion[] = [];
  let bytes = 0;
  for (let place = before; ; ) {
    const behind = place === null ? {} : { before: { lastUpdated: place[0], versionKey: place[1] } };
    const slice = await store.history(reader, { of: { patient }, ...behind, limit: sliceVersions });
    for (const { stored, place: at } of slice) {
      place = [at.lastUpdated, at.versionKey];
      if (!isOfPatient(stored, patient)) continue;
      versions.push(toldOf(stored));
      bytes += stored.body?.length ?? 0;
      if (bytes >= answerBytes) return { versions, next: place };
    }
    if (slice.length < sliceVersions) return { versions, next: null };
  }
}

/** A record is the patient's now; what it was before tells its content, and a deletion nothing. */
function isOfPatient({ key, body }: StoredVersion, patient: string): boolean {
  if (collectiveTypes.has(key.type)) return false;
  return body === undefined || patientOf(JSON.parse(body) as JsonObject) === patient;
}

function toldOf({ key, version, lastUpdated, originNode, author, body }: StoredVersion): ToldVersion {
  return { ...key, version, at: lastUpdated, originNode, author, body: body ?? null };
}

function parseAsked(body: string): Asked | undefined {
  const { patient, before } = jsonObjectIn(body) ?? {};
  if (typeof patient !== "string" || !isResourceId(patient)) return undefined;
  return before === null || isVersionPlace(before) ? { patient, before } : undefined;
}
