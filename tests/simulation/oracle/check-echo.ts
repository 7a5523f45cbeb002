import type { World } from "../world/world.ts";
import { Violation } from "./violation.ts";

const probe = JSON.stringify({ resourceType: "Patient", id: "echo-probe", active: true });

/** I12: in a network at rest, what comes from above is never sent back to where it came from. */
export async function checkNoEcho(world: World): Promise<void> {
  const { status } = await world.root.fhir("PUT", "Patient/echo-probe", probe);
  if (status >= 300) throw new Error(`The root answered the probe with ${status}.`);
  for (const child of world.children) await world.pull(child);
  for (const child of world.children) {
    const pushed = await world.push(child);
    if (!pushed || pushed.requests > 0) {
      throw new Violation("I12", `${child.name} sends back what it has from above, in ${pushed?.requests} requests.`);
    }
  }
}
