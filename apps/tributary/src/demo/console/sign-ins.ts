import type { Random } from "@tributary/kernel";
import { createUser, userRoles } from "@tributary/runtime";
import { newPassword } from "../../new-password.ts";
import type { Stage } from "../stage.ts";

/** How a person signs in at every console of the demonstration. */
export interface SignIns {
  /** One user for each role, named after it. */
  readonly users: readonly string[];
  readonly password: string;
}

/** Makes the same users, with one password of chance, at every node. */
export async function makeSignIns({ parent, children, plan }: Stage, random: Random): Promise<SignIns> {
  const password = newPassword(random);
  for (const node of [parent, ...children]) {
    const database = await node.database();
    const actor = { nodeId: node.name, author: "demo", now: plan.clock.now(), random };
    for (const role of userRoles) await createUser(database, { name: role, role, password }, actor);
  }
  return { users: [...userRoles], password };
}
