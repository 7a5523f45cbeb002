import { appendAudit, auditDraft } from "@tributary/audit";
import type { Database } from "@tributary/database";
import type { Clock, NodeId } from "@tributary/kernel";
import type { ParentConnection } from "../../pull/parent-connection.ts";
import { parsePatientHistory, type ToldVersion, type VersionPlace } from "../serve/patient-history.ts";

/** Versions that are asked for at once; a record that is read by a person has fewer. */
const versionsMax = 20_000;

export interface PatientHistoryOptions {
  readonly database: Database;
  readonly nodeId: NodeId;
  readonly parent: string;
  readonly connection: ParentConnection;
  readonly clock: Clock;
  /** Who asks. */
  readonly author: string;
}

/**
 * Asks the parent for all versions of the records of a patient of this node's, the newest first: a patient comes into a
 * catchment with the records as they are, and with what they were on request. Nothing of it is kept; both ends enter in
 * their trails that it was told. It needs the line, and throws what that throws.
 */
export async function fetchPatientHistory(
  patient: string,
  { database, nodeId, parent, connection, clock, author }: PatientHistoryOptions,
  signal: AbortSignal,
): Promise<readonly ToldVersion[]> {
  const versions: ToldVersion[] = [];
  for (let before: VersionPlace | null = null; ; ) {
    const body = JSON.stringify({ patient, before });
    const answer = await connection.ask("patients/history", { body }, "application/json", signal);
    const page = parsePatientHistory(new TextDecoder().decode(answer.body));
    versions.push(...page.versions);
    before = page.next;
    if (before === null || versions.length >= versionsMax) break;
  }
  const entry = { at: clock.now(), actor: author, operation: "manual", link: parent } as const;
  const asked = auditDraft({ ...entry, reference: `Patient/${patient}`, outcome: "history-asked" });
  await database.transaction((tx) => appendAudit(tx, nodeId, [asked]));
  return versions;
}
