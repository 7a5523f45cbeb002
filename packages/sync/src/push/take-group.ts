import { type Database, isDatabaseTrouble } from "@tributary/database";
import { takeUnits } from "./answer-operations.ts";
import type { JudgeOptions } from "./judge-options.ts";
import type { UnitVerdict } from "./push-unit.ts";
import type { UnitGroup } from "./unit-groups.ts";

/**
 * Takes a group of units in one transaction, and each by itself when that fails, so that one that cannot be judged does
 * not touch the others. Tells each verdict when it is durable. The first error of a unit is thrown once all have been
 * tried; trouble of the database at once.
 */
export async function takeGroup(
  database: Database,
  group: UnitGroup,
  child: string,
  options: JudgeOptions,
  tell: (verdicts: ReadonlyMap<string, UnitVerdict>) => void,
): Promise<void> {
  try {
    tell(await takeUnits(database, group, child, options));
  } catch (error) {
    if (group.length === 1) throw error;
    await takeEach(database, group, child, options, tell);
  }
}

async function takeEach(...[database, group, child, options, tell]: Parameters<typeof takeGroup>): Promise<void> {
  const errors: unknown[] = [];
  for (const unit of group) {
    try {
      tell(await takeUnits(database, [unit], child, options));
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
