import type { Disk } from "./disk.ts";
import type { Ledger } from "./ledger.ts";
import { Violation } from "./violation.ts";

/**
 * I2, of what was recorded by mistake: once somebody said so it stays marked, since no user says that it was none. Only who
 * decides about a conflict may take what the record was on the other side.
 */
export function checkVoids(ledger: Ledger, disks: readonly Disk[]): void {
  for (const { record, node, isVoid, isCertain, number } of ledger.entries) {
    if (!isVoid || !isCertain || ledger.lostEntries.has(number)) continue;
    if (ledger.of(record).some(({ kind }) => kind === "decision")) continue;
    const body = disks[0]!.current.get(record);
    if (body?.includes('"entered-in-error"')) continue;
    throw new Violation("I2", `${record} was marked as entered in error at ${node}, and is so no more.`);
  }
}
