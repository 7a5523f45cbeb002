import { TributaryError } from "@tributary/kernel";
import { checkLoadAnswer } from "../../load/check-load-answer.ts";
import type { FhirClient } from "../fhir-client.ts";
import type { Edit } from "./edit.ts";
import type { SharedRecords } from "./shared-records.ts";

/** A node that edits, through its own FHIR API. */
export interface EditingNode {
  readonly name: string;
  readonly client: FhirClient;
  /** Where the patients live whom it admits: a town of its own catchment. */
  readonly town: string;
}

/**
 * Does at three nodes, while they cannot reach each other, what makes synchronization hard: different elements of one
 * record, the same element, a deletion against an edit, a deletion, and new records at each.
 */
export async function makeEdits(
  [parent, first, second]: readonly [EditingNode, EditingNode, EditingNode],
  { disjoint, clashing, deletedAndEdited, deleted }: SharedRecords,
): Promise<Edit[]> {
  return [
    await change(parent, disjoint, "maritalStatus", { text: "Married, says the hospital" }),
    await change(first, disjoint, "telecom", [{ system: "phone", use: "mobile", value: "+254 711 000001" }]),
    await change(second, disjoint, "communication", [{ language: { text: "Dholuo, says the second clinic" } }]),
    await change(parent, clashing, "birthDate", "1971-01-11"),
    await change(first, clashing, "birthDate", "1972-02-12"),
    await change(second, clashing, "birthDate", "1973-03-13"),
    await remove(parent, deletedAndEdited),
    await change(first, deletedAndEdited, "language", "sw"),
    await remove(second, deleted),
    ...(await admit(parent)),
    ...(await admit(first)),
    ...(await admit(second)),
  ];
}

async function change(
  { name, client }: EditingNode,
  reference: string,
  element: string,
  value: unknown,
): Promise<Edit> {
  const text = JSON.stringify([{ op: "add", path: `/${element}`, value }]);
  const answer = await client("PATCH", `/${reference}`, { text, type: "application/json-patch+json" });
  requireDone(name, reference, answer.status);
  return { what: `${name} changed ${element} of ${reference}`, reference, mark: JSON.stringify(value) };
}

async function remove({ name, client }: EditingNode, reference: string): Promise<Edit> {
  requireDone(name, reference, (await client("DELETE", `/${reference}`)).status);
  return { what: `${name} deleted ${reference}`, reference };
}

/** A new patient with an encounter, which refers to it. */
async function admit({ name, client, town }: EditingNode): Promise<Edit[]> {
  const mark = `admitted at ${name}`;
  const patient = "urn:uuid:0f0e0d0c-0b0a-4900-a807-060504030201";
  const entry = [
    {
      fullUrl: patient,
      resource: { resourceType: "Patient", name: [{ text: mark }], address: [{ use: "home", city: town }] },
      request: { method: "POST", url: "Patient" },
    },
    {
      resource: {
        resourceType: "Encounter",
        status: "in-progress",
        class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" },
        subject: { reference: patient, display: mark },
      },
      request: { method: "POST", url: "Encounter" },
    },
  ];
  const text = JSON.stringify({ resourceType: "Bundle", type: "transaction", entry });
  const answer = await client("POST", "", { text });
  const { written } = checkLoadAnswer(`The Bundle of ${name}`, answer.status, answer.body);
  return written.map((reference) => ({ what: `${name} wrote ${reference}`, reference, mark }));
}

function requireDone(name: string, reference: string, status: number): void {
  if (status < 300) return;
  throw new TributaryError("REMOTE_UNAVAILABLE", `${name} refused an edit of ${reference} with HTTP ${status}.`);
}
