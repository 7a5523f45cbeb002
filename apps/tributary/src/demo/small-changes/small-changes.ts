import type { Random } from "@tributary/kernel";
import { checkLoadAnswer } from "../../load/check-load-answer.ts";
import { decimal, happens, pick } from "../generator/chance.ts";
import type { BusyNode } from "./busy-nodes.ts";

/** What goes on at the nodes while one watches. */
export interface SmallChanges {
  /** Makes one change and says what it was, and where. */
  makeOne(): Promise<string>;
}

/** Of ten changes so many are corrections of a patient's data; the others are new measurements, and some are taken back. */
const correctionShare = 0.3;
const takingBackShare = 0.15;

/** Makes small changes, one at a time, each at one of these nodes and to one of its patients. */
export function smallChangesAt(nodes: readonly BusyNode[], random: Random): SmallChanges {
  const measured: { readonly node: BusyNode; readonly reference: string }[] = [];
  let count = 0;

  async function correct({ name, client }: BusyNode, patient: string): Promise<string> {
    const operation = {
      op: "add",
      path: "/telecom",
      value: [{ system: "phone", value: `+254 7${String(count).padStart(8, "0")}` }],
    };
    const text = JSON.stringify([operation]);
    const type = "application/json-patch+json";
    return told(await client("PATCH", `/${patient}`, { text, type }), `${name} corrected ${patient}`);
  }

  async function takeBack(): Promise<string> {
    const { node, reference } = measured.pop()!;
    return told(await node.client("DELETE", `/${reference}`), `${node.name} deleted ${reference}`);
  }

  async function measure(node: BusyNode, patient: string): Promise<string> {
    const text = JSON.stringify({
      resourceType: "Bundle",
      type: "transaction",
      entry: [{ resource: aTemperature(patient, random), request: { method: "POST", url: "Observation" } }],
    });
    const answer = await node.client("POST", "", { text });
    const { written } = checkLoadAnswer("The new measurement", answer.status, answer.body);
    measured.push(...written.map((reference) => ({ node, reference })));
    return `${node.name} measured ${patient}`;
  }

  return {
    async makeOne() {
      count += 1;
      if (measured.length > 0 && happens(random, takingBackShare)) return takeBack();
      const node = pick(random, nodes);
      const patient = pick(random, node.patients);
      return happens(random, correctionShare) ? correct(node, patient) : measure(node, patient);
    },
  };
}

function told({ status }: { readonly status: number }, what: string): string {
  return status < 300 ? what : `${what}: refused with HTTP ${status}`;
}

function aTemperature(patient: string, random: Random): object {
  return {
    resourceType: "Observation",
    status: "final",
    code: { coding: [{ system: "http://loinc.org", code: "8310-5", display: "Body temperature" }] },
    subject: { reference: patient },
    valueQuantity: {
      value: decimal(random, 36.1, 39.4, 2),
      unit: "Cel",
      system: "http://unitsofmeasure.org",
      code: "Cel",
    },
  };
}
