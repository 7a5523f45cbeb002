import { existsSync, readFileSync } from "node:fs";
import type { World } from "../world/world.ts";
import { CatchmentTruth, patientOfRecord } from "./catchment-truth.ts";
import { tokensIn } from "./ledger.ts";
import { refusedForGood } from "./refused-for-good.ts";
import { Violation } from "./violation.ts";

/** I5, on the disk: at rest a child's files hold nothing of patients who are not in its catchment, in no version and no gap. */
export function checkPurged(world: World): void {
  for (const child of world.children) {
    using truth = new CatchmentTruth(world.above(child), child);
    if (truth.isEverything) continue;
    // Whose edit is refused for good stays with it, until somebody gives the edit up.
    const waiting = new Set([...refusedForGood(world, child).records].map(patientOfRecord));
    for (const ending of ["", "-wal"]) {
      const file = child.file + ending;
      if (!existsSync(file)) continue;
      for (const token of tokensIn(readFileSync(file, "latin1"))) {
        const patient = patientOfRecord(world.ledger.recordOf(token) ?? "");
        if (patient === undefined || waiting.has(patient) || truth.mayKeep(patient)) continue;
        throw new Violation(
          "I5",
          `${child.name}${ending} still holds ${token} of ${patient}, who is not in its catchment.`,
        );
      }
    }
  }
}
