import { type JsonObject, parseLossless } from "@tributary/fhir";
import { mergeResources } from "@tributary/sync";
import { makeRecords } from "./records.ts";
import type { BenchRow, Scenario } from "./scenario.ts";

/** How many different Patients are merged in a round, so that no round is the same few objects in the cache. */
const patientCount = 2_000;

interface Sides {
  readonly base: JsonObject;
  readonly mine: JsonObject;
  readonly theirs: JsonObject;
}

/** What edits there are at both ends of a link, from the usual to the worst. */
const edits: readonly { readonly what: string; mine(patient: Patient): void; theirs(patient: Patient): void }[] = [
  {
    what: "one element each, disjoint",
    mine: (patient) => {
      patient.birthDate = "1990-10-10";
    },
    theirs: (patient) => {
      patient.telecom[0]!.value = "+255 700 999999";
    },
  },
  {
    what: "one element each, the same one",
    mine: (patient) => {
      patient.gender = "other";
    },
    theirs: (patient) => {
      patient.gender = "unknown";
    },
  },
  {
    what: "one item each of the same list",
    mine: (patient) => {
      patient.identifier[0]!.use = "old";
    },
    theirs: (patient) => {
      patient.identifier.push({ use: "usual", system: "urn:example:tb-register", value: "TB-1" });
    },
  },
];

interface Patient {
  birthDate: string;
  gender: string;
  telecom: { value: string }[];
  identifier: { use: string; system: string; value: string }[];
}

/** What it takes to merge two versions of a Patient. */
export const scenarios: readonly Scenario[] = [
  {
    name: "merge",
    question: "How many Patients a second are merged, when both ends have changed them?",
    async run(report, { quick }) {
      const rounds = quick ? 3 : 50;
      for (const { what, mine, theirs } of edits) measure(what, rounds, mine, theirs, report);
    },
  },
];

function measure(
  what: string,
  rounds: number,
  editMine: (patient: Patient) => void,
  editTheirs: (patient: Patient) => void,
  report: (row: BenchRow) => void,
): void {
  const texts = patientTexts().map((text) => [text, edited(text, editMine), edited(text, editTheirs)] as const);
  const records: readonly Sides[] = texts.map(([base, mine, theirs]) => ({
    base: parseLossless(base) as JsonObject,
    mine: parseLossless(mine) as JsonObject,
    theirs: parseLossless(theirs) as JsonObject,
  }));
  const merge = () => records.reduce((sum, sides) => sum + mergeResources(sides).contested.length, 0);
  const parse = () =>
    texts.reduce((sum, sides) => sum + sides.reduce((all, text) => all + Object.keys(JSON.parse(text)).length, 0), 0);
  perSecond(merge, Math.ceil(rounds / 5));
  perSecond(parse, Math.ceil(rounds / 5));
  const baseline = perSecond(parse, rounds);
  const value = perSecond(merge, rounds);
  report({
    measure: what,
    value,
    unit: "Patients/s",
    baseline,
    ratio: value / baseline,
    note: "validation included; bare: JSON.parse of the three bodies; aim: 50,000",
  });
}

function perSecond(work: () => number, rounds: number): number {
  let sum = 0;
  const startedAt = performance.now();
  for (let round = 0; round < rounds; round++) sum += work();
  const seconds = (performance.now() - startedAt) / 1_000;
  if (!Number.isFinite(sum)) throw new Error("Nothing was done.");
  return (patientCount * rounds) / seconds;
}

function patientTexts(): string[] {
  return [...makeRecords(patientCount * 10)]
    .filter(({ resourceType }) => resourceType === "Patient")
    .map((patient) => JSON.stringify(patient));
}

function edited(text: string, edit: (patient: Patient) => void): string {
  const patient = JSON.parse(text) as Patient;
  edit(patient);
  return JSON.stringify(patient);
}
