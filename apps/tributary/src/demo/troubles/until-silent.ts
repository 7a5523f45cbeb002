import { readNetworkChildren } from "@tributary/runtime";
import { type Stage, silentAfterMs } from "../stage.ts";
import { untilSeen } from "./until-seen.ts";

/** Waits until the parent calls a clinic silent; returns the names of all that it calls so. */
export async function untilSilent({ parent, plan }: Stage, name: string): Promise<string[]> {
  const database = await parent.database();
  return untilSeen(plan, `${name} is silent`, async () => {
    parent.requireRunning();
    const children = await readNetworkChildren(database, { now: plan.clock.now(), silentAfterMs });
    const silent = children.filter(({ state }) => state === "silent").map(({ node }) => node);
    return silent.includes(name) ? silent : undefined;
  });
}
