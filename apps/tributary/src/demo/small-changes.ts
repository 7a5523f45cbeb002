import type { Random } from "@tributary/kernel";
import { checkLoadAnswer } from "../load/check-load-answer.ts";
import type { FhirClient } from "./fhir-client.ts";
import { decimal, happens, pick } from "./generator/chance.ts";

/** What goes on at a hospital while one watches. */
export interface SmallChanges {
  /** Makes one change and says what it was. */
  makeOne(): Promise<string>;
}

/** Of ten changes so many are corrections of a patient's data; the others are new measurements, and some are taken back. */
const correctionShare = 0.3;
const takingBackShare = 0.15;

/** Makes small changes, one at a time, to the patients among these references. */
export function smallChangesTo(references: readonly string[], client: FhirClient, random: Random): SmallChanges {
  const patients = references.filter((reference) => reference.startsWith("Patient/"));
  const measured: string[] = [];
  let count = 0;

  async function correct(patient: string): Promise<string> {
    const operation = {
      op: "add",
      path: "/telecom",
      value: [{ system: "phone", value: `+254 7${String(count).padStart(8, "0")}` }],
    };
    const text = JSON.stringify([operation]);
    return told(
      await client("PATCH", `/${patient}`, { text, type: "application/json-patch+json" }),
      `corrected ${patient}`,
    );
  }

  async function takeBack(): Promise<string> {
    const reference = measured.pop()!;
    return told(await client("DELETE", `/${reference}`), `deleted ${reference}`);
  }

  async function measure(patient: string): Promise<string> {
    const text = JSON.stringify({
      resourceType: "Bundle",
      type: "transaction",
      entry: [{ resource: aTemperature(patient, random), request: { method: "POST", url: "Observation" } }],
    });
    const answer = await client("POST", "", { text });
    measured.push(...checkLoadAnswer("The new measurement", answer.status, answer.body).written);
    return `measured ${patient}`;
  }

  return {
    async makeOne() {
      count += 1;
      if (measured.length > 0 && happens(random, takingBackShare)) return takeBack();
      const patient = pick(random, patients);
      return happens(random, correctionShare) ? correct(patient) : measure(patient);
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
