/** A concept with its code in a code system. */
export interface Concept {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

const snomed = (code: string, display: string): Concept => ({ system: "http://snomed.info/sct", code, display });
const loinc = (code: string, display: string): Concept => ({ system: "http://loinc.org", code, display });
const rxnorm = (code: string, display: string): Concept => ({
  system: "http://www.nlm.nih.gov/research/umls/rxnorm",
  code,
  display,
});

/** What is measured at a visit, with its unit in UCUM and the span of plausible values. */
export const measurements = [
  { concept: loinc("8310-5", "Body temperature"), unit: "Cel", least: 36.1, most: 39.4, digits: 2 },
  { concept: loinc("8867-4", "Heart rate"), unit: "/min", least: 54, most: 118, digits: 0 },
  { concept: loinc("29463-7", "Body weight"), unit: "kg", least: 41, most: 104, digits: 1 },
  { concept: loinc("8302-2", "Body height"), unit: "cm", least: 148, most: 192, digits: 1 },
  { concept: loinc("2339-0", "Glucose [Mass/volume] in Blood"), unit: "mg/dL", least: 68, most: 190, digits: 2 },
  { concept: loinc("718-7", "Hemoglobin [Mass/volume] in Blood"), unit: "g/dL", least: 7.5, most: 16.5, digits: 2 },
] as const;

export const problems: readonly Concept[] = [
  snomed("38341003", "Hypertensive disorder"),
  snomed("44054006", "Diabetes mellitus type 2"),
  snomed("61462000", "Malaria"),
  snomed("195967001", "Asthma"),
  snomed("271737000", "Anemia"),
  snomed("86406008", "Human immunodeficiency virus infection"),
  snomed("36971009", "Sinusitis"),
];

export const medicines: readonly Concept[] = [
  rxnorm("314076", "lisinopril 10 MG Oral Tablet"),
  rxnorm("860975", "metformin hydrochloride 500 MG Oral Tablet"),
  rxnorm("308182", "amoxicillin 250 MG Oral Capsule"),
  rxnorm("198440", "acetaminophen 500 MG Oral Tablet"),
  rxnorm("745679", "albuterol 0.09 MG/ACTUAT Inhaler"),
];

export const visitReasons: readonly Concept[] = [
  snomed("185349003", "Encounter for check up"),
  snomed("390906007", "Follow-up encounter"),
  snomed("185345009", "Encounter for symptom"),
];

export const givenNames = {
  female: ["Amina", "Beatriz", "Chidera", "Deepa", "Esther", "Farida", "Grace", "Hana", "Ines", "Jamila", "Zoë"],
  male: ["Abdou", "Biruk", "Carlos", "Daniel", "Emeka", "Farid", "Gabriel", "Hassan", "Imran", "José", "Tendai"],
} as const;

export const familyNames = [
  "Achieng",
  "Banda",
  "Chukwu",
  "Dlamini",
  "Evans",
  "Fernández",
  "García",
  "Haile",
  "Iyer",
  "Kamau",
  "Mbeki",
  "Nguyễn",
  "O'Brien",
  "Öz",
  "Rahman",
  "Wanjiru",
] as const;

export const towns = ["Eldoret", "Kisumu", "Machakos", "Naivasha", "Nyeri", "Thika"] as const;
