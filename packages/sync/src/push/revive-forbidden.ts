import type { Transaction } from "@tributary/database";
import { patientsOfRecords, referenceTo } from "@tributary/fhir";
import { readFailedUnits } from "./queue/read-units.ts";
import { sendRefusedAgain } from "./revive-after-upgrade.ts";

/**
 * Puts units back into the queue that the parent refused since their patients were none of this child's: these have come in
 * now, so that it may take them.
 */
export async function reviveForbidden(
  tx: Transaction,
  parent: string,
  node: string,
  patients: readonly string[],
): Promise<void> {
  if (patients.length === 0) return;
  const failed = await readFailedUnits(tx, parent, 0, Number.MAX_SAFE_INTEGER);
  const forbidden = failed.filter((unit) => unit.state === "refused" && unit.class === "forbidden");
  if (forbidden.length === 0) return;
  const patientOf = await patientsOfRecords(
    tx,
    forbidden.flatMap(({ changes }) => changes),
  );
  const come = new Set<string | null | undefined>(patients);
  for (const unit of forbidden) {
    const isTheirs = unit.changes.some((change) => come.has(patientOf.get(referenceTo(change))));
    if (isTheirs) await sendRefusedAgain(tx, parent, node, unit);
  }
}
