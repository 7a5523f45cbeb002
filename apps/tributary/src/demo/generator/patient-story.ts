import type { Random } from "@tributary/kernel";
import { between, decimal, happens, pick, seededUuid } from "./chance.ts";
import {
  type Concept,
  familyNames,
  givenNames,
  measurements,
  medicines,
  problems,
  towns,
  visitReasons,
} from "./clinical-words.ts";
import type { Facilities } from "./facilities.ts";

/** A resource with the `urn:uuid:` under which others of the same Bundle refer to it. */
export interface StoryEntry {
  readonly fullUrl: string;
  readonly resource: Readonly<Record<string, unknown>> & { readonly resourceType: string };
}

interface Setting {
  readonly random: Random;
  readonly facilities: Facilities;
  readonly subject: { readonly reference: string };
}

/** Stories end here, so that a seed always tells the same one. */
const storyEnd = Date.UTC(2026, 5, 30);
const dayMs = 86_400_000;
const visitsMost = 6;
const measurementsMost = 4;

/** Makes one patient with everything that happened to them: visits, what was measured, found and prescribed. */
export function tellPatientStory(random: Random, facilities: Facilities, ordinal: number): StoryEntry[] {
  const patient = aPatient(random, facilities, ordinal);
  const setting: Setting = { random, facilities, subject: { reference: patient.fullUrl } };
  const visits = Array.from({ length: between(random, 1, visitsMost) }, () => tellVisit(setting));
  return [patient, ...visits.flat()];
}

function aPatient(random: Random, facilities: Facilities, ordinal: number): StoryEntry {
  const gender = pick(random, ["female", "male"] as const);
  const town = pick(random, towns);
  return entryOf(random, {
    resourceType: "Patient",
    identifier: [
      { use: "usual", system: "urn:tributary:medical-record", value: `MR-${String(ordinal).padStart(6, "0")}` },
      ...(happens(random, 0.7)
        ? [
            {
              use: "official",
              system: "urn:tributary:national-id",
              value: String(between(random, 10_000_000, 39_999_999)),
            },
          ]
        : []),
    ],
    active: true,
    name: [{ use: "official", family: pick(random, familyNames), given: [pick(random, givenNames[gender])] }],
    ...(happens(random, 0.6)
      ? { telecom: [{ system: "phone", use: "mobile", value: `+254 7${between(random, 10_000_000, 99_999_999)}` }] }
      : {}),
    gender,
    birthDate: dayOf(storyEnd - between(random, 1, 32_000) * dayMs),
    address: [{ use: "home", line: [`${between(random, 1, 240)} Market Street`], city: town, country: "KE" }],
    managingOrganization: referenceTo(pick(random, facilities.organizations)),
  });
}

function tellVisit(setting: Setting): StoryEntry[] {
  const { random, facilities, subject } = setting;
  const start = storyEnd - between(random, 0, 1_500) * dayMs - between(random, 0, 600) * 60_000;
  const end = start + between(random, 10, 90) * 60_000;
  const visit = entryOf(random, {
    resourceType: "Encounter",
    status: "finished",
    class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB", display: "ambulatory" },
    type: [conceptOf(pick(random, visitReasons))],
    subject,
    participant: [{ individual: referenceTo(pick(random, facilities.practitioners)) }],
    period: { start: momentOf(start), end: momentOf(end) },
    location: [{ location: referenceTo(pick(random, facilities.locations)) }],
  });
  const encounter = { reference: visit.fullUrl };
  const measured = Array.from({ length: between(random, 1, measurementsMost) }, () =>
    aMeasurement(setting, encounter, end),
  );
  const found = happens(random, 0.4) ? [aCondition(setting, encounter, end)] : [];
  const prescribed = happens(random, 0.35) ? [aPrescription(setting, encounter, end)] : [];
  return [visit, ...measured, ...found, ...prescribed];
}

function aMeasurement({ random, subject }: Setting, encounter: object, at: number): StoryEntry {
  const { concept, unit, least, most, digits } = pick(random, measurements);
  return entryOf(random, {
    resourceType: "Observation",
    status: "final",
    category: [
      conceptOf({
        system: "http://terminology.hl7.org/CodeSystem/observation-category",
        code: "vital-signs",
        display: "Vital Signs",
      }),
    ],
    code: conceptOf(concept),
    subject,
    encounter,
    effectiveDateTime: momentOf(at),
    issued: momentOf(at),
    valueQuantity: {
      value: decimal(random, least, most, digits),
      unit,
      system: "http://unitsofmeasure.org",
      code: unit,
    },
  });
}

function aCondition({ random, subject }: Setting, encounter: object, at: number): StoryEntry {
  const isOver = happens(random, 0.3);
  return entryOf(random, {
    resourceType: "Condition",
    clinicalStatus: conceptOf({
      system: "http://terminology.hl7.org/CodeSystem/condition-clinical",
      code: isOver ? "resolved" : "active",
      display: isOver ? "Resolved" : "Active",
    }),
    verificationStatus: conceptOf({
      system: "http://terminology.hl7.org/CodeSystem/condition-ver-status",
      code: "confirmed",
      display: "Confirmed",
    }),
    code: conceptOf(pick(random, problems)),
    subject,
    encounter,
    onsetDateTime: dayOf(at - between(random, 0, 30) * dayMs),
    ...(isOver ? { abatementDateTime: dayOf(at) } : {}),
    recordedDate: momentOf(at),
  });
}

function aPrescription({ random, facilities, subject }: Setting, encounter: object, at: number): StoryEntry {
  return entryOf(random, {
    resourceType: "MedicationRequest",
    status: pick(random, ["active", "completed", "stopped"]),
    intent: "order",
    medicationCodeableConcept: conceptOf(pick(random, medicines)),
    subject,
    encounter,
    authoredOn: momentOf(at),
    requester: referenceTo(pick(random, facilities.practitioners)),
    dosageInstruction: [
      {
        text: "Twice a day after meals",
        timing: { repeat: { frequency: 2, period: decimal(random, 1, 1, 1), periodUnit: "d" } },
        doseAndRate: [{ doseQuantity: { value: decimal(random, 0.5, 2, 2), unit: "tablet" } }],
      },
    ],
  });
}

function entryOf(random: Random, resource: StoryEntry["resource"]): StoryEntry {
  return { fullUrl: `urn:uuid:${seededUuid(random)}`, resource };
}

function conceptOf(concept: Concept) {
  return { coding: [concept], text: concept.display };
}

function referenceTo(resource: object) {
  const { resourceType, id } = resource as { resourceType: string; id: string };
  return { reference: `${resourceType}/${id}` };
}

function momentOf(ms: number): string {
  return new Date(ms).toISOString();
}

function dayOf(ms: number): string {
  return momentOf(ms).slice(0, 10);
}
