import { type Database, isDatabaseTrouble } from "@tributary/database";
import { takeUnits } from "./answer-operations.ts";
import type { JudgeOptions } from "./judge-options.ts";
import type { PushUnit, UnitVerdict } from "./push-unit.ts";
import type { UnitGroup } from "./unit-groups.ts";

export interface GroupsOptions extends JudgeOptions {
  readonly database: Database;
  readonly child: string;
  /** Told verdicts as soon as they are durable. */
  readonly tell: (verdicts: ReadonlyMap<string, UnitVerdict>) => void;
}

/** Keeps a group from overtaking an earlier one whose units have still to be taken. */
class EarlierGroupFailed extends Error {
  override readonly name = "EarlierGroupFailed";
}

/**
 * Takes groups of units, each in one transaction. When that fails, the group's units are taken one by one, so that one
 * that cannot be judged does not touch the others; on SQLite those of the later groups with them, in their order, since
 * they may have to do with them. The first error of a unit is thrown once all have been tried; trouble of the database
 * at once.
 */
export async function takeGroups(groups: readonly UnitGroup[], options: GroupsOptions): Promise<void> {
  const ended = await takeAtOnce(groups, options);
  const errors: unknown[] = [];
  const left: PushUnit[] = [];
  for (const [at, end] of ended.entries()) {
    const group = groups[at]!;
    if (end.status === "fulfilled") continue;
    if (group.length === 1 && !(end.reason instanceof EarlierGroupFailed)) errors.push(end.reason);
    else left.push(...group);
  }
  for (const unit of left) {
    try {
      options.tell(await inTransaction([unit], options));
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

function takeAtOnce(groups: readonly UnitGroup[], options: GroupsOptions): Promise<PromiseSettledResult<void>[]> {
  const isInOrder = options.database.dialect === "sqlite";
  let hasFailed = false;
  return Promise.allSettled(
    groups.map(async (group) => {
      const verdicts = await inTransaction(group, options, async (take) => {
        if (isInOrder && hasFailed) throw new EarlierGroupFailed();
        try {
          return await take();
        } catch (error) {
          hasFailed = true;
          throw error;
        }
      });
      options.tell(verdicts);
    }),
  );
}

type Verdicts = ReadonlyMap<string, UnitVerdict>;

function inTransaction(
  units: readonly PushUnit[],
  options: GroupsOptions,
  within: (take: () => Promise<Verdicts>) => Promise<Verdicts> = (take) => take(),
): Promise<Verdicts> {
  const { database, child } = options;
  return database.transaction((tx) => within(() => takeUnits(tx, units, child, options)));
}
