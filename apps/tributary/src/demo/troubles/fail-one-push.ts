import { type FailureClass, listFailures } from "@tributary/sync";
import { checkLoadAnswer } from "../../load/check-load-answer.ts";
import type { DemoNode } from "../demo-node.ts";
import type { DemoPlan } from "../demo-plan.ts";
import { fhirClientFor } from "../fhir-client.ts";
import { untilSeen } from "./until-seen.ts";

/** Something that a clinic has sent and that its parent cannot take yet. */
export interface FailedPush {
  readonly node: string;
  /** As `failed list` names it at that node. */
  readonly failure: string;
  readonly class: FailureClass;
  /** The record that waits, and the one that it waits for, as `Type/id`. */
  readonly record: string;
  readonly missing: string;
}

const missing = "Patient/not-registered-yet";

/** Has a clinic write a laboratory's result for a patient whom nobody has registered; returns once the parent has parked it. */
export async function failOnePush(clinic: DemoNode, plan: Pick<DemoPlan, "clock" | "signal">): Promise<FailedPush> {
  const client = fhirClientFor(clinic.url, await clinic.createToken("laboratory"), plan.signal);
  const entry = [{ resource: aResult, request: { method: "POST", url: "Observation" } }];
  const text = JSON.stringify({ resourceType: "Bundle", type: "transaction", entry });
  const answer = await client("POST", "", { text });
  const [record = ""] = checkLoadAnswer("The laboratory's result", answer.status, answer.body).written;
  const database = await clinic.database();
  return untilSeen(plan, `${clinic.name} is told that ${record} cannot be taken`, async () => {
    clinic.requireRunning();
    const failures = await listFailures(database, { limit: 100 });
    const failure = failures.find(({ references }) => references.includes(record));
    return failure && { node: clinic.name, failure: failure.failureId, class: failure.class, record, missing };
  });
}

const aResult = {
  resourceType: "Observation",
  status: "final",
  category: [
    {
      coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }],
    },
  ],
  code: { coding: [{ system: "http://loinc.org", code: "718-7", display: "Hemoglobin" }] },
  subject: { reference: missing },
  valueQuantity: { value: 11.2, unit: "g/dL", system: "http://unitsofmeasure.org", code: "g/dL" },
};
