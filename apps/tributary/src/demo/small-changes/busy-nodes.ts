import { readHoldings } from "../compare-nodes.ts";
import { type FhirClient, fhirClientFor } from "../fhir-client.ts";
import type { Stage } from "../stage.ts";

/** A node at which people work. */
export interface BusyNode {
  readonly name: string;
  readonly client: FhirClient;
  /** Its patients, as `Type/id`. */
  readonly patients: readonly string[];
}

/** All nodes that have patients, with a token for each. */
export async function busyNodesOf({ parent, children, client, plan }: Stage): Promise<BusyNode[]> {
  const nodes: BusyNode[] = [];
  for (const node of [parent, ...children]) {
    const held = await readHoldings(await node.database());
    const patients = [...held.keys()].filter((reference) => reference.startsWith("Patient/"));
    if (patients.length === 0) continue;
    const own = node === parent ? client : fhirClientFor(node.url, await node.createToken("ward"), plan.signal);
    nodes.push({ name: node.name, client: own, patients });
  }
  return nodes;
}
