import { putCatchment } from "../src/catchment/catchments.ts";
import { assignCatchment } from "../src/catchment/child-assignments.ts";
import { beginPass, continuePasses } from "../src/catchment/passes.ts";
import type { CatchmentRule } from "../src/catchment/rule/catchment-rule.ts";
import { moveAll, type NodeForTests } from "./node-for-tests.ts";

/** Gives a catchment a rule and decides about every patient by it. */
export async function setCatchment(node: NodeForTests, name: string, rule: CatchmentRule): Promise<void> {
  const { database, clock } = node;
  await database.transaction(async (tx) => {
    await putCatchment(tx, { name, rule }, { at: clock.now(), author: "operator", reason: null });
    await beginPass(tx, name, clock.now());
  });
  await endPasses(node);
}

/** Does all passes that wait. */
export async function endPasses({ database, memberships, clock }: NodeForTests): Promise<void> {
  while (await continuePasses(database, memberships, clock));
  await moveAll(database);
}

/** Assigns a catchment to a child, at its parent. */
export async function assign(parent: NodeForTests, child: NodeForTests, catchment: string): Promise<void> {
  const { database, clock } = parent;
  await database.transaction((tx) =>
    assignCatchment(tx, { node: child.id, catchment, by: "operator", at: clock.now() }),
  );
}
