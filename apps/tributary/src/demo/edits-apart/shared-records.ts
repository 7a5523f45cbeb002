import { checkLoadAnswer } from "../../load/check-load-answer.ts";
import { northTown, southTown } from "../catchments/clinic-catchment.ts";
import type { FhirClient } from "../fhir-client.ts";

/** Records that all nodes hold before they part, as `Type/id`. */
export interface SharedRecords {
  /** Each node will change another element of it. */
  readonly disjoint: string;
  /** All nodes will change the same element of it. */
  readonly clashing: string;
  /** One node will delete it, another one edit it. */
  readonly deletedAndEdited: string;
  /** One node will delete it, the others leave it alone. */
  readonly deleted: string;
}

const subject = "urn:uuid:0f0e0d0c-0b0a-4900-a807-060504030200";

/** Writes them at the parent: patients with a home in the catchment of each clinic, so that all nodes hold them. */
export async function writeSharedRecords(client: FhirClient): Promise<SharedRecords> {
  const resources = [
    ...["Disjoint", "Clashing", "Deleted"].map(aPatient),
    {
      resourceType: "Observation",
      status: "final",
      code: { text: "Taken back" },
      subject: { reference: subject },
      valueString: "measured by mistake",
    },
  ];
  const entry = resources.map((resource, at) => ({
    ...(at === 0 ? { fullUrl: subject } : {}),
    resource,
    request: { method: "POST", url: resource.resourceType },
  }));
  const text = JSON.stringify({ resourceType: "Bundle", type: "transaction", entry });
  const answer = await client("POST", "", { text });
  const [disjoint = "", clashing = "", deletedAndEdited = "", deleted = ""] = checkLoadAnswer(
    "The Bundle of shared records",
    answer.status,
    answer.body,
  ).written;
  return { disjoint, clashing, deletedAndEdited, deleted };
}

function aPatient(given: string) {
  return {
    resourceType: "Patient",
    active: true,
    name: [{ use: "official", family: "Apart", given: [given] }],
    gender: "unknown",
    birthDate: "1970-01-01",
    address: [
      { use: "home", city: northTown },
      { use: "temp", city: southTown },
    ],
  };
}
