import { openTestDatabase } from "@tributary/database/testing";
import { type JsonObject, parseLossless, stringifyLossless } from "@tributary/fhir";
import { fhirApiForTests } from "@tributary/fhir/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentOf } from "./busy-network.ts";
import { aDamage } from "./damage.ts";
import { fuzzing, fuzzTimeoutMs, inTime } from "./fuzz-budget.ts";

const patient = {
  resourceType: "Patient",
  id: "p",
  active: true,
  name: [{ use: "official", family: "Diallo", given: ["Amina"] }],
  birthDate: "1980-02-29",
  identifier: [{ system: "urn:card", value: "A-1" }],
  extension: [{ url: "urn:weight", valueDecimal: 61.5 }],
  text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml">Amina</div>' },
};
const observation = {
  resourceType: "Observation",
  id: "o",
  status: "final",
  code: { coding: [{ system: "http://loinc.org", code: "29463-7" }] },
  subject: { reference: "Patient/p" },
  effectiveDateTime: "2026-11-21T08:00:00+03:00",
  valueQuantity: { value: 61.5, unit: "kg" },
};
const transaction = {
  resourceType: "Bundle",
  type: "transaction",
  entry: [
    {
      fullUrl: "urn:uuid:6a1c4f5e-9d55-4a2b-8f8f-1c112f0c8a8e",
      resource: patient,
      request: { method: "POST", url: "Patient" },
    },
    {
      resource: { ...observation, subject: { reference: "urn:uuid:6a1c4f5e-9d55-4a2b-8f8f-1c112f0c8a8e" } },
      request: { method: "PUT", url: "Observation/o", ifMatch: 'W/"1"' },
    },
    { request: { method: "GET", url: "Patient?name=a" } },
  ],
};
const patch = [
  { op: "test", path: "/active", value: true },
  { op: "replace", path: "/name/0/family", value: "Keita" },
  { op: "copy", from: "/name/0", path: "/name/-" },
  { op: "move", from: "/birthDate", path: "/birthDate" },
];

/** Requests as clients make them; what is damaged is the body, or the address when there is none. */
const requests: readonly (readonly [method: string, path: string, body?: string, headers?: Record<string, string>])[] =
  [
    ["PUT", "Patient/p", JSON.stringify(patient)],
    ["POST", "Observation", JSON.stringify(observation)],
    ["POST", "", JSON.stringify(transaction)],
    ["POST", "", JSON.stringify({ ...transaction, type: "batch" })],
    ["PATCH", "Patient/p", JSON.stringify(patch), { "content-type": "application/json-patch+json" }],
    ["POST", "Patient/$validate", JSON.stringify(patient)],
    [
      "POST",
      "Patient/_search",
      "name=a&birthdate=ge1980&_sort=-birthdate&_count=3",
      { "content-type": "application/x-www-form-urlencoded" },
    ],
    ["GET", "Observation?subject=Patient/p&value-quantity=gt60||kg&_include=Observation:subject&_elements=code"],
    ["GET", "Patient/p/_history/1?_summary=true"],
    ["DELETE", "Patient?identifier=urn:card|A-2"],
  ];

describe("a damaged FHIR request", () => {
  it(
    "is answered or refused with an OperationOutcome, never with a defect, and a refusal leaves nothing behind",
    async () => {
      await using database = await openTestDatabase("sqlite");
      const api = await fhirApiForTests(database);
      const refused = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...requests), aDamage, async ([method, path, body, headers], damage) => {
          await api.ask("PUT", "Patient/p", patient);
          const before = await contentOf(database);
          const damaged = damage(Buffer.from(body ?? path)).toString("utf8");
          const answer = await inTime(() =>
            body === undefined
              ? api.ask(method, addressOf(damaged), undefined, headers)
              : api.ask(method, path, damaged, headers),
          );

          expect([method, path, answer.status, answer.text]).toEqual([
            method,
            path,
            expect.toSatisfy((status: number) => status < 500),
            expect.any(String),
          ]);
          if (answer.status < 400) return;
          refused.set(answer.status, (refused.get(answer.status) ?? 0) + 1);
          expect(await contentOf(database)).toBe(before);
          if (method !== "HEAD") expect(answer.json["resourceType"]).toBe("OperationOutcome");
        }),
        fuzzing(600),
      );
      expect([...refused.keys()]).toContain(400);
    },
    fuzzTimeoutMs,
  );

  it(
    "that is taken is read again with the very digits that were sent",
    async () => {
      await using database = await openTestDatabase("sqlite");
      const api = await fhirApiForTests(database);
      await fc.assert(
        fc.asyncProperty(aDamage, async (damage) => {
          const sent = damage(Buffer.from(JSON.stringify(patient))).toString("utf8");
          const answer = await api.ask("PUT", "Patient/p", sent);
          if (answer.status >= 300) return;
          const { meta: _, ...read } = parseLossless((await api.ask("GET", "Patient/p")).text) as JsonObject;
          const { meta: __, ...meant } = parseLossless(sent) as JsonObject;
          expect(stringifyLossless(read)).toBe(stringifyLossless(meant));
        }),
        fuzzing(500),
      );
    },
    fuzzTimeoutMs,
  );
});

/** A text as an address that a client could send. */
function addressOf(text: string): string {
  return encodeURI(text.toWellFormed().slice(0, 4_000)).replaceAll("#", "%23");
}
