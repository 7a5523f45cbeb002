import { setTimeout as pause } from "node:timers/promises";
import { enrol, type NodeForBrowser, startNode } from "./node-for-browser.ts";

/** A password that every user of the tests has. */
export const password = "a boat upon the lake";

/** The child calls its parent when a test has it do so, and never of itself in between. */
const whenTold = { TRIBUTARY_PULL_EVERY_SECONDS: "86400" };
const askAgainMs = 100;

/**
 * A parent and its enrolled child, both serving, with a user of each role named after it; `ofChild` are environment
 * variables of the child. The rounds with which the child begins are over, and the next come when they are asked for.
 */
export async function linkedNodes(ofChild: Readonly<Record<string, string>> = {}) {
  const [parent, child] = await Promise.all([
    startNode("parent", "centre"),
    startNode("child", "clinic", { ...whenTold, ...ofChild }),
  ]);
  const { code } = await parent.admin("POST", "/children", { node: child.id });
  await enrol(child, parent, String(code));
  while (!(await hasPulled(child))) await pause(askAgainMs);
  for (const node of [parent, child]) {
    for (const role of ["administrator", "operator", "reviewer", "viewer"]) {
      await node.admin("POST", "/users", { name: role, role, password });
    }
  }
  return {
    parent,
    child,
    async [Symbol.asyncDispose]() {
      await Promise.all([parent, child].map((node) => node[Symbol.asyncDispose]()));
    },
  };
}

/** Has both ends change a patient's birth date and name while the line is paused, and lets the two changes meet. */
export async function meetInConflict(parent: NodeForBrowser, child: NodeForBrowser, id: string): Promise<void> {
  await parent.put(aPatient(id, "1980-01-01", "Otieno"));
  await child.admin("POST", "/pull", {});
  await child.admin("POST", "/pause", { reason: "the line is down" });
  await parent.put(aPatient(id, "1981-01-01", "Atieno"));
  await child.put(aPatient(id, "1982-01-01", "Owino"));
  await child.admin("POST", "/resume", {});
  await child.admin("POST", "/push", {});
  await child.admin("POST", "/pull", {});
}

async function hasPulled(child: NodeForBrowser): Promise<boolean> {
  const { parent } = (await child.admin("GET", "/status")) as { parent: { lastPullAt: number | null } | null };
  return parent !== null && parent.lastPullAt !== null;
}

function aPatient(id: string, birthDate: string, family: string) {
  return { resourceType: "Patient", id, birthDate, gender: "female", name: [{ family, given: ["Achieng"] }] };
}

/** Has the child hold something that the parent parks: it refers to a patient whom nobody has. */
export async function failOnePush(
  child: NodeForBrowser,
  { id, missing }: { readonly id: string; readonly missing: string },
) {
  const subject = { reference: `Patient/${missing}` };
  await child.put({ resourceType: "Observation", id, status: "final", code: { text: "Weight" }, subject } as never);
  await child.admin("POST", "/push", {});
}
