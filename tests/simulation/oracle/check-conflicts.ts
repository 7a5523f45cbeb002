import { sql } from "@tributary/database";
import type { World } from "../world/world.ts";
import { Violation } from "./violation.ts";

const readRows = sql("select conflict_id, state, type, id from conflicts");

interface Row {
  readonly conflict_id: string;
  readonly state: string;
  readonly type: string;
  readonly id: string;
}

/** I2, of conflicts: at rest each row of a parent stands at its children too, in the same state. */
export async function checkConflictsTravelled(world: World): Promise<void> {
  for (const child of world.children) {
    const below = new Map((await child.node.database.all<Row>(readRows)).map((row) => [row.conflict_id, row]));
    for (const row of await world.above(child).node.database.all<Row>(readRows)) {
      const state = below.get(row.conflict_id)?.state;
      if (state === row.state) continue;
      throw new Violation(
        "I2",
        `A conflict of ${row.type}/${row.id} is ${row.state} above ${child.name} and ${state} there.`,
      );
    }
  }
}
