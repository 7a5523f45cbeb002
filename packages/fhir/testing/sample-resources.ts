import type { JsonObject } from "../src/model/json-value.ts";

/** Valid resources of many types, by what they show; each call builds anew, so that a test may change what it gets. */
export const sampleResources: Readonly<Record<string, () => JsonObject>> = {
  "Patient with every kind of primitive extension": () => ({
    resourceType: "Patient",
    id: "p1",
    meta: { versionId: "3", lastUpdated: "2026-02-28T10:15:30.123+01:00", profile: ["https://example.org/patient"] },
    language: "en",
    text: narrative("<p>Amina Diallo, born <b>1984</b></p>"),
    extension: [
      {
        url: "https://example.org/origin",
        extension: [
          { url: "village", valueString: "Ségou" },
          { url: "since", valueDate: "2019-05" },
        ],
      },
      { url: "https://example.org/weight", valueQuantity: { value: 61.5, unit: "kg", system: ucum, code: "kg" } },
    ],
    identifier: [{ use: "official", system: "urn:oid:1.2.36.146.595.217.0.1", value: "12345" }],
    active: true,
    name: [
      { use: "official", family: "Diallo", given: ["Amina", null], _given: [null, { extension: [unknownValue()] }] },
      { use: "nickname", text: "Ami", period: { start: "2001", end: "2010-12-31" } },
    ],
    telecom: [{ system: "phone", value: "+223 20 22 27 12", use: "mobile", rank: 1 }],
    gender: "female",
    birthDate: "1984-02-29",
    _birthDate: { id: "b", extension: [{ url: "https://example.org/time", valueDateTime: "1984-02-29T23:59:60Z" }] },
    deceasedBoolean: false,
    address: [{ type: "postal", line: ["Rue 12"], city: "Ségou", country: "ML" }],
    maritalStatus: concept("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "M"),
    multipleBirthInteger: 2,
    contact: [{ relationship: [{ text: "mother" }], name: { family: "Diallo" }, gender: "unknown" }],
    communication: [{ language: { coding: [{ code: "bm" }] }, preferred: true }],
    generalPractitioner: [{ reference: "Practitioner/d1", display: "Dr. Coulibaly" }],
    managingOrganization: { reference: "https://parent.example/fhir/Organization/o1" },
    link: [{ other: { reference: "RelatedPerson/r1" }, type: "seealso" }],
  }),

  "Patient with nothing but its type": () => ({ resourceType: "Patient" }),

  "Observation with components": () => ({
    resourceType: "Observation",
    id: "blood-pressure",
    status: "final",
    category: [concept("http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs")],
    code: concept("http://loinc.org", "85354-9"),
    subject: { reference: "Patient/p1" },
    focus: [{ reference: "Medication/m1" }],
    effectivePeriod: { start: "2026-01-01T08:00:00Z", end: "2026-01-01T08:05:00Z" },
    issued: "2026-01-01T08:05:00.5Z",
    performer: [{ identifier: { value: "N-17" }, type: "Practitioner" }],
    referenceRange: [{ low: { value: 90 }, high: { value: 120 }, text: "adults" }],
    component: [
      { code: concept("http://loinc.org", "8480-6"), valueQuantity: { value: 120, comparator: "<", unit: "mm[Hg]" } },
      { code: concept("http://loinc.org", "8462-4"), dataAbsentReason: { text: "not measured" } },
    ],
  }),

  "Observation whose value is unknown": () => ({
    resourceType: "Observation",
    status: "registered",
    code: { text: "Temperature" },
    _valueString: { extension: [unknownValue()] },
    effectiveTiming: {
      event: ["2026-03-01"],
      repeat: { frequency: 3, period: 1.5, periodUnit: "d", dayOfWeek: ["mon", "fri"], timeOfDay: ["08:00:00"] },
    },
  }),

  Encounter: () => ({
    resourceType: "Encounter",
    id: "e1",
    status: "in-progress",
    statusHistory: [{ status: "arrived", period: { start: "2026-01-01" } }],
    class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" },
    subject: { reference: "Patient/p1/_history/2" },
    participant: [{ individual: { reference: "PractitionerRole/pr1" } }],
    diagnosis: [{ condition: { reference: "Condition/c1" }, rank: 1 }],
    hospitalization: { dischargeDisposition: { text: "home" } },
    length: { value: 20, unit: "min", system: ucum, code: "min" },
  }),

  "Condition with bound concepts": () => ({
    resourceType: "Condition",
    clinicalStatus: concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
    verificationStatus: concept("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed"),
    code: concept("http://snomed.info/sct", "61462000"),
    subject: { reference: "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0" },
    onsetAge: { value: 41, unit: "a", system: ucum, code: "a" },
    recordedDate: "2026",
    evidence: [{ detail: [{ reference: "Observation/blood-pressure" }] }],
    note: [{ authorString: "nurse", time: "2026-01-01", text: "Line one\n\tLine two" }],
  }),

  "AllergyIntolerance with reactions": () => ({
    resourceType: "AllergyIntolerance",
    clinicalStatus: concept("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active"),
    type: "allergy",
    category: ["food", "environment"],
    criticality: "high",
    patient: { reference: "Patient/p1" },
    reaction: [{ manifestation: [{ text: "hives" }], severity: "mild" }],
  }),

  "MedicationRequest with a contained Medication": () => ({
    resourceType: "MedicationRequest",
    contained: [
      {
        resourceType: "Medication",
        id: "med",
        code: { text: "Artemether" },
        ingredient: [
          {
            itemCodeableConcept: { text: "artemether" },
            strength: { numerator: { value: 20 }, denominator: { value: 1 } },
          },
        ],
      },
    ],
    status: "active",
    intent: "order",
    medicationReference: { reference: "#med" },
    subject: { reference: "Patient/p1" },
    dosageInstruction: [
      {
        sequence: 1,
        timing: { repeat: { boundsDuration: { value: 3, system: ucum, code: "d" }, when: ["ACM"] } },
        asNeededBoolean: true,
        doseAndRate: [{ doseQuantity: { value: 1.5, unit: "tablet" } }],
      },
    ],
    dispenseRequest: { numberOfRepeatsAllowed: 0, quantity: { value: 24 } },
  }),

  Immunization: () => ({
    resourceType: "Immunization",
    status: "completed",
    vaccineCode: concept("http://hl7.org/fhir/sid/cvx", "19"),
    patient: { reference: "Patient/p1" },
    occurrenceString: "in childhood",
    primarySource: false,
    expirationDate: "2027-01-31",
    doseQuantity: { value: 0.05, unit: "mL", system: ucum, code: "mL" },
    protocolApplied: [{ doseNumberPositiveInt: 1, seriesDosesString: "1" }],
  }),

  "Organization and its telecoms": () => ({
    resourceType: "Organization",
    identifier: [{ system: "https://example.org/facilities", value: "ML-0042" }],
    type: [{ text: "clinic" }],
    telecom: [{ system: "email", value: "clinic@example.org" }],
    partOf: { reference: "Organization/district" },
  }),

  "Practitioner with qualifications": () => ({
    resourceType: "Practitioner",
    name: [{ family: "Coulibaly", prefix: ["Dr."] }],
    qualification: [{ code: { text: "MD" }, period: { start: "2010" }, issuer: { display: "University of Bamako" } }],
    photo: [{ contentType: "image/png", data: "iVBORw0KGgo=", size: 8, hash: "2jmj7l5rSw0yVb/vlWAYkK/YBwk=" }],
  }),

  "DiagnosticReport with results": () => ({
    resourceType: "DiagnosticReport",
    status: "final",
    code: { text: "Full blood count" },
    effectiveDateTime: "2026-02-01T09:00:00+14:00",
    result: [{ reference: "Observation/blood-pressure" }],
    presentedForm: [{ contentType: "application/pdf", url: "Binary/b1", title: "Report" }],
  }),

  "Questionnaire with nested items": () => ({
    resourceType: "Questionnaire",
    url: "https://example.org/Questionnaire/intake",
    status: "draft",
    subjectType: ["Patient"],
    item: [
      {
        linkId: "1",
        type: "group",
        item: [
          {
            linkId: "1.1",
            type: "choice",
            answerOption: [{ valueCoding: { code: "yes" } }, { valueInteger: 0 }],
            enableWhen: [{ question: "1", operator: "exists", answerBoolean: true }],
          },
        ],
      },
    ],
  }),

  "Parameters with every way to hold a value": () => ({
    resourceType: "Parameters",
    parameter: [
      { name: "count", valueUnsignedInt: 0 },
      { name: "when", valueTime: "23:59:59.999" },
      { name: "who", resource: { resourceType: "Patient", id: "p1", active: false } },
      { name: "both", part: [{ name: "uuid", valueUuid: "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7" }] },
      { name: "data", valueBase64Binary: "AAEC AwQF" },
      { name: "oid", valueOid: "urn:oid:1.2.3" },
      { name: "score", valueDecimal: -0.5 },
    ],
  }),

  "Bundle of a transaction": () => ({
    resourceType: "Bundle",
    type: "transaction",
    entry: [
      {
        fullUrl: "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
        resource: { resourceType: "Patient", gender: "other" },
        request: { method: "POST", url: "Patient", ifNoneExist: "identifier=12345" },
      },
      { request: { method: "DELETE", url: "Observation/1" } },
    ],
  }),

  "Bundle of search results": () => ({
    resourceType: "Bundle",
    type: "searchset",
    total: 1,
    link: [{ relation: "self", url: "https://parent.example/fhir/Patient?_count=1" }],
    entry: [{ resource: { resourceType: "Patient", id: "p1" }, search: { mode: "match", score: 1 } }],
  }),

  "Binary, which has no extensions": () => ({ resourceType: "Binary", contentType: "text/plain", data: "SGVsbG8=" }),

  "Composition with sections in sections": () => ({
    resourceType: "Composition",
    status: "preliminary",
    type: { text: "Discharge summary" },
    date: "2026-02-03",
    author: [{ reference: "Practitioner/d1" }],
    title: "Discharge",
    confidentiality: "N",
    section: [{ title: "Plan", section: [{ text: narrative("Rest"), entry: [{ reference: "Basic/any" }] }] }],
  }),

  "Task that searches for its patient": () => ({
    resourceType: "Task",
    status: "requested",
    intent: "order",
    for: { reference: "Patient?identifier=https://example.org|12345" },
    restriction: { repetitions: 1, period: { end: "2026-12-31" } },
    input: [{ type: { text: "file" }, valueAttachment: { url: "https://example.org/a.pdf" } }],
  }),
};

const ucum = "http://unitsofmeasure.org";

function unknownValue(): JsonObject {
  return { url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "unknown" };
}

function concept(system: string, code: string): JsonObject {
  return { coding: [{ system, code }] };
}

function narrative(content: string): JsonObject {
  return { status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>` };
}
