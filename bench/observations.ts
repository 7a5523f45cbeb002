import { newUuid, type Random, seededRandom } from "@tributary/kernel";
import { aTemperature } from "./a-temperature.ts";

/** Observations of one patient; a clinic sees many of them in a day. */
const perPatient = 5;
const nurses = 40;
/** The same ids in every run, and in every reading. */
const clock = { now: () => Date.UTC(2026, 10, 1), sleep: async () => {} };

/**
 * Makes up Observations of some 1 KB as a clinic's forms write them, with ids that compress no better than real ones.
 * `reading` changes the measured value and its time, so that the same ids can be written again as an edit.
 */
export function makeObservations(count: number, reading: number): Record<string, unknown>[] {
  const random = seededRandom(500);
  const visits = makeVisits(count, random);
  return Array.from({ length: count }, (_, n) => ({
    id: `o-${n}-${Buffer.from(random.bytes(12)).toString("hex")}`,
    ...aTemperature,
    subject: { reference: `Patient/${visits[Math.floor(n / perPatient)]?.patient}` },
    encounter: { reference: `Encounter/${visits[Math.floor(n / perPatient)]?.encounter}` },
    effectiveDateTime: `2026-11-${10 + reading}T08:${10 + (n % 50)}:${10 + Math.floor(random.next() * 50)}+03:00`,
    performer: [{ reference: `Practitioner/nurse-${n % nurses}`, display: "Nurse on duty" }],
    valueQuantity: {
      value: Math.round(350 + reading + random.next() * 60) / 10,
      unit: "Cel",
      system: "http://unitsofmeasure.org",
      code: "Cel",
    },
    interpretation: [{ text: "Measured at triage, the patient seated and rested for five minutes before." }],
  }));
}

/** What so many Observations refer to: patients, encounters and nurses. */
export function makeSurroundings(count: number): Record<string, unknown>[] {
  return [
    ...Array.from({ length: nurses }, (_, n) => ({ resourceType: "Practitioner", id: `nurse-${n}` })),
    ...makeVisits(count, seededRandom(500)).flatMap(({ patient, encounter }) => [
      { resourceType: "Patient", id: patient },
      {
        resourceType: "Encounter",
        id: encounter,
        status: "finished",
        class: { code: "AMB" },
        subject: { reference: `Patient/${patient}` },
      },
    ]),
  ];
}

function makeVisits(count: number, random: Random) {
  return Array.from({ length: Math.ceil(count / perPatient) }, () => ({
    patient: newUuid(clock, random),
    encounter: newUuid(clock, random),
  }));
}
