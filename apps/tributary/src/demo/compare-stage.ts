import type { Terminal } from "../terminal.ts";
import { readPatientsAt, shareOf } from "./catchments/patients-at.ts";
import { compareHoldings, readHoldings } from "./compare-nodes.ts";
import type { CatchmentResult, ChildResult } from "./demo-result.ts";
import type { Stage } from "./stage.ts";

/** A few references are enough to begin looking for the reason. */
const referencesTold = 10;

/** What came of comparing. */
export interface StageComparison {
  readonly converged: boolean;
  /** Records at the parent. */
  readonly records: number;
  readonly children: readonly ChildResult[];
  readonly catchments: readonly CatchmentResult[];
}

/**
 * Compares every record of every child, text by text, with what its catchment holds of the parent's; tells the terminal of
 * the first that differ. Whose a record is, is found out from the patients' addresses and not from the parent's list.
 */
export async function compareStage({ parent, children, clinics, plan }: Stage): Promise<StageComparison> {
  const database = await parent.database();
  const held = await readHoldings(database);
  const at = await readPatientsAt(database, held);
  const results: ChildResult[] = [];
  const catchments: CatchmentResult[] = [];
  for (const child of children) {
    const clinic = clinics.get(child.name)!;
    const share = shareOf(clinic, held, at);
    const here = await readHoldings(await child.database());
    const { records, missing, different, extra } = compareHoldings(share, here);
    tellDifferences(child.name, { missing, different, extra }, plan.terminal);
    const patients = [...here.keys()].filter((reference) => reference.startsWith("Patient/"));
    catchments.push({
      clinic: child.name,
      catchment: clinic.name,
      patients: patients.length,
      foreign: patients.filter((reference) => !share.has(reference)).length,
    });
    results.push({
      name: child.name,
      records,
      missing: missing.length,
      different: different.length,
      extra: extra.length,
      ...child.traffic,
    });
  }
  const converged = held.size > 0 && results.every((one) => one.missing + one.different + one.extra === 0);
  return { converged, records: held.size, children: results, catchments };
}

function tellDifferences(
  child: string,
  differences: Readonly<Record<string, readonly string[]>>,
  terminal: Terminal,
): void {
  for (const [kind, references] of Object.entries(differences)) {
    if (references.length === 0) continue;
    terminal.note(`${child}, ${references.length} ${kind}: ${references.slice(0, referencesTold).join(", ")}`);
  }
}
