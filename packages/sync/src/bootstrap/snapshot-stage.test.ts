import { describe, expect, it } from "vitest";
import { stagesOf } from "./snapshot-stage.ts";

const now = Date.UTC(2026, 5, 1);
const record = (name: string, more: object = {}, patient: string | null = "p") => {
  const [type = "", id = ""] = name.split("/");
  return { key: { type, id }, patient, body: JSON.stringify({ resourceType: type, id, ...more }) };
};
const at = (reference: string) => ({ reference });

/** The stages of some records, by name. */
function stages(...records: ReturnType<typeof record>[]) {
  return Object.fromEntries(
    [...stagesOf(records, now)].map(([{ key }, stage]) => [`${key.type}/${key.id}`, stage] as const),
  );
}

describe("the stages in which a patient's records come", () => {
  it("[S132] go by what is done now, and by the last twelve months", () => {
    const found = stages(
      record("Patient/p"),
      record("MedicationRequest/m1", { status: "active", authoredOn: "2001-01-01" }),
      record("MedicationRequest/m2", { status: "stopped", authoredOn: "2001-01-01" }),
      record("Observation/o1", { effectiveDateTime: "2026-05-01" }),
      record("Observation/o2", { effectiveDateTime: "2001-01-01" }),
    );

    expect(found).toEqual({
      "Patient/p": "care",
      "MedicationRequest/m1": "care",
      "MedicationRequest/m2": "older",
      "Observation/o1": "recent",
      "Observation/o2": "older",
    });
  });

  it("[S212] bring forward what a record refers to, over as many steps as there are", () => {
    const old = "2001-01-01";
    const found = stages(
      record("Condition/c", { recordedDate: old, encounter: at("Encounter/e1"), evidence: [at("Observation/gone")] }),
      record("Encounter/e1", { period: { start: old }, partOf: at("Encounter/e2") }),
      record("Encounter/e2", { period: { start: old }, partOf: at("Encounter/e1") }),
      record("Observation/o1", { effectiveDateTime: "2026-05-01", encounter: at("Encounter/e3") }),
      record("Encounter/e3", { period: { start: old } }),
      record("Encounter/e4", { period: { start: old } }),
    );

    expect(found).toEqual({
      "Condition/c": "care",
      "Encounter/e1": "care",
      "Encounter/e2": "care",
      "Observation/o1": "recent",
      "Encounter/e3": "recent",
      "Encounter/e4": "older",
    });
  });
});
