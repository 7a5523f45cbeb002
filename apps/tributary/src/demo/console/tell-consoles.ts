import type { DemoResult } from "../demo-result.ts";
import { nodeNames } from "../node-names.ts";
import type { Stage } from "../stage.ts";
import type { SignIns } from "./sign-ins.ts";

/** What a person reads who wants to look at the network: the consoles, what there is to see in each, and how to sign in. */
export function tellConsoles(stage: Stage, result: DemoResult, { users, password }: SignIns): string {
  const nodes = [stage.parent, ...stage.children];
  const width = Math.max(...nodes.map(({ name }) => name.length));
  const lines = nodes.map(({ name, url }) => `  ${name.padEnd(width)}  ${url}/console  ${toSee(name, result)}`);
  return `
The consoles, and what there is to see:
${lines.join("\n")}

Sign in at any of them as ${users.slice(0, -1).join(", ")} or ${users.at(-1)}; the password is ${password}
Traffic before this moment is invented, as the patients are; all else has happened.
The hospital's API token is ${stage.parent.token}

Changes go on at all nodes. Ctrl-C ends it all.
`;
}

function toSee(name: string, { moved, troubles, openConflicts }: DemoResult): string {
  const failed = troubles.failed.filter(({ node }) => node === name).map(() => "a failed event");
  const left = moved?.from === name ? [`${moved.patient} has moved away`] : [];
  const came = moved?.to === name ? [`${moved.patient} has moved here`] : [];
  const silent = troubles.silent.includes(name) ? ["cut off; the hospital calls it silent"] : [];
  const late = name === nodeNames.late ? ["began from a snapshot"] : [];
  const above = name === nodeNames.parent ? [`the whole network, and ${openConflicts} open conflicts`] : [];
  return [...above, ...failed, ...left, ...came, ...late, ...silent].join("; ");
}
