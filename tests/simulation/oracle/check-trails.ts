import { sql } from "@tributary/database";
import type { World } from "../world/world.ts";
import { Violation } from "./violation.ts";

const countOwn = sql("select count(*) as n from audit_entries where node = $1");
const countForeign = sql("select count(*) as n from foreign_audit_entries where node = $1");

/** I9, of the enterprise: at rest the root has every entry of every node's trail. */
export async function checkTrailsTravelled(world: World): Promise<void> {
  for (const { name, node } of world.children) {
    const own = (await node.database.first<{ n: number }>(countOwn, [name]))!.n;
    const told = (await world.root.node.database.first<{ n: number }>(countForeign, [name]))!.n;
    const isLess = world.restored.size > 0 ? told < own : told !== own;
    if (isLess) throw new Violation("I9", `${name} has ${own} entries in its trail, and the root ${told} of them.`);
  }
}
