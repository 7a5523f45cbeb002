import { aTemperature } from "./a-temperature.ts";

/** Makes up resources of the sizes and shapes that clinics write: one Patient to nine Observations, some 1 KB each. */
export function* makeRecords(count: number): Generator<Record<string, unknown>> {
  for (let n = 0; n < count; n++) {
    const patient = `bench-${Math.floor(n / 10)}`;
    yield n % 10 === 0 ? aPatient(patient, n) : anObservation(patient, n);
  }
}

function aPatient(id: string, n: number): Record<string, unknown> {
  return {
    resourceType: "Patient",
    id,
    active: true,
    identifier: [
      { use: "official", system: "urn:example:national-id", value: `NID-${1_000_000 + n}` },
      { use: "secondary", system: "urn:example:clinic-card", value: `C-${n}` },
    ],
    name: [{ use: "official", family: `Family${n % 977}`, given: [`Given${n % 211}`, "Ada"] }],
    telecom: [{ system: "phone", value: `+255 700 ${100_000 + (n % 900_000)}`, use: "mobile" }],
    gender: n % 20 === 0 ? "female" : "male",
    birthDate: `19${50 + (n % 50)}-0${1 + (n % 9)}-1${n % 10}`,
    address: [
      { use: "home", line: [`House ${n % 300}`], city: `Village ${n % 120}`, district: "North", country: "TZ" },
    ],
    managingOrganization: { reference: "Organization/district-north" },
  };
}

function anObservation(patient: string, n: number): Record<string, unknown> {
  return {
    id: `bench-o-${n}`,
    ...aTemperature,
    subject: { reference: `Patient/${patient}` },
    encounter: { reference: `Encounter/bench-e-${Math.floor(n / 10)}` },
    effectiveDateTime: `2026-0${1 + (n % 9)}-1${n % 10}T08:${10 + (n % 50)}:00+03:00`,
    issued: `2026-0${1 + (n % 9)}-1${n % 10}T08:${10 + (n % 50)}:30.000+03:00`,
    performer: [{ reference: `Practitioner/nurse-${n % 40}`, display: "Nurse on duty" }],
    valueQuantity: { value: 36 + (n % 40) / 10, unit: "Cel", system: "http://unitsofmeasure.org", code: "Cel" },
    interpretation: [{ text: "Measured at triage, the patient seated and rested for five minutes before." }],
  };
}
