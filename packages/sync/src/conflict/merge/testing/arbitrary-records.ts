import { isJsonObject, type JsonObject, type JsonValue, parseLossless } from "@tributary/fhir";
import fc from "fast-check";

/** A base and two versions made from it by random edits, of one of the types that children write most. */
export interface Edited {
  readonly base: JsonObject;
  readonly mine: JsonObject;
  readonly theirs: JsonObject;
}

const decimal = fc.constantFrom("1", "1.0", "1.00", "36.5", "36.50", "120").map((digits) => parseLossless(digits));
const code = (...codes: readonly string[]) => fc.constantFrom(...codes);
const text = fc.constantFrom("Ada", "Ben", "Chipo", "Dalila", "Efua");
const day = fc.constantFrom("2024-01-01", "2024-02", "2025", "2025-06-30");
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 3 });
const object = (required: Record<string, fc.Arbitrary<unknown>>, optional: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(
    { ...required, ...optional },
    { requiredKeys: Object.keys(required), noNullPrototype: true },
  ) as fc.Arbitrary<JsonObject>;

const period = object({ start: day }, {});
const coding = object({ system: code("urn:a", "urn:b"), code: code("1", "2") }, { display: text });
const concept = fc.oneof(object({ coding: list(coding) }, { text }), object({ text }, {}));
const known = (system: string, ...codes: readonly string[]) =>
  object({ coding: fc.constantFrom(...codes).map((one) => [{ system, code: one }]) }, {});
const reference = (type: string) =>
  object({ reference: code("1", "2", "3").map((id) => `${type}/${id}`) }, { display: text });
const quantity = object({ value: decimal }, { unit: code("mg", "Cel") });
const identifier = object(
  { system: code("urn:id:a", "urn:id:b"), value: code("1", "2", "3") },
  { period, type: object({ text: code("MR", "NI") }, {}) },
);
const extension = object({ url: code("urn:x:one", "urn:x:two"), valueString: text }, {});
const name = object({ family: text }, { use: code("official", "usual"), given: list(text) });
const telecom = object({ system: code("phone", "email"), value: text }, { use: code("home", "mobile") });
const address = object({ city: text }, { use: code("home", "work"), line: list(text) });
const note = object({ text }, { authorString: text });
const narrative = object(
  {
    status: code("generated", "additional"),
    div: text.map((one) => `<div xmlns="http://www.w3.org/1999/xhtml">${one}</div>`),
  },
  {},
);
const clinical = (place: string) => `http://terminology.hl7.org/CodeSystem/${place}`;

const common = {
  text: narrative,
  extension: list(extension),
  identifier: list(identifier),
  language: code("en", "fr", "sw"),
  meta: object({ tag: list(coding) }, { source: code("urn:s:1", "urn:s:2"), versionId: code("1", "2") }),
};
/** Optional members one for one, so that the two of a choice never come together. */
const either = (first: fc.Arbitrary<JsonObject>, ...others: fc.Arbitrary<JsonObject>[]) =>
  fc.oneof(fc.constant({}), first, ...others);
const resource = (
  resourceType: string,
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>>,
  ...choices: fc.Arbitrary<JsonObject>[]
): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(object(required, { ...common, ...optional }), ...choices)
    .map((parts) => Object.assign({ resourceType, id: "r1" }, ...parts) as JsonObject);

const records: Readonly<Record<string, fc.Arbitrary<JsonObject>>> = {
  Patient: resource(
    "Patient",
    {},
    {
      active: fc.boolean(),
      gender: code("female", "male", "unknown"),
      birthDate: day,
      _birthDate: object({ extension: list(extension) }, {}),
      name: list(name),
      telecom: list(telecom),
      address: list(address),
      maritalStatus: concept,
      photo: list(object({ title: text }, {})),
      contact: list(
        object({ name }, { relationship: list(concept), telecom: list(telecom), gender: code("male", "female") }),
      ),
      communication: list(object({ language: concept }, { preferred: fc.boolean() })),
      generalPractitioner: list(reference("Practitioner")),
    },
    either(object({ deceasedBoolean: fc.boolean() }, {}), object({ deceasedDateTime: day }, {})),
  ),
  Observation: resource(
    "Observation",
    { status: code("preliminary", "final", "amended", "entered-in-error"), code: concept },
    {
      subject: reference("Patient"),
      note: list(note),
      component: list(object({ code: concept, valueQuantity: quantity }, {})),
    },
    either(
      object({ valueQuantity: quantity }, {}),
      object({ valueString: text }, {}),
      object({ dataAbsentReason: concept }, {}),
    ),
  ),
  Condition: resource(
    "Condition",
    { subject: reference("Patient") },
    {
      clinicalStatus: known(clinical("condition-clinical"), "active", "inactive", "resolved"),
      verificationStatus: known(clinical("condition-ver-status"), "confirmed", "provisional"),
      category: list(concept),
      severity: concept,
      code: concept,
      evidence: list(object({ code: list(concept) }, {})),
      stage: list(object({ summary: concept }, { type: concept })),
      note: list(note),
    },
    either(object({ onsetDateTime: day }, {}), object({ onsetString: text }, {})),
  ),
  MedicationRequest: resource(
    "MedicationRequest",
    {
      status: code("active", "on-hold", "stopped", "completed"),
      intent: code("order", "plan"),
      subject: reference("Patient"),
    },
    {
      statusReason: concept,
      doNotPerform: fc.boolean(),
      dosageInstruction: list(object({ text }, { sequence: fc.constantFrom(1, 2) })),
      dispenseRequest: object({ quantity }, { numberOfRepeatsAllowed: fc.constantFrom(1, 2), validityPeriod: period }),
      note: list(note),
      instantiatesUri: list(code("urn:p:1", "urn:p:2", "urn:p:3")),
    },
    fc.oneof(
      object({ medicationCodeableConcept: concept }, {}),
      object({ medicationReference: reference("Medication") }, {}),
    ),
  ),
  AllergyIntolerance: resource(
    "AllergyIntolerance",
    { patient: reference("Patient") },
    {
      clinicalStatus: known(clinical("allergyintolerance-clinical"), "active", "resolved"),
      category: fc.uniqueArray(code("food", "medication", "environment"), { minLength: 1 }),
      criticality: code("low", "high"),
      code: concept,
      reaction: list(
        object({ manifestation: list(concept) }, { severity: code("mild", "severe"), substance: concept }),
      ),
    },
  ),
  Consent: resource(
    "Consent",
    { status: code("active", "inactive"), scope: concept, category: list(concept), policyRule: concept },
    {
      patient: reference("Patient"),
      verification: list(object({ verified: fc.boolean() }, { verificationDate: day })),
    },
  ),
  Organization: resource("Organization", { name: text }, { alias: list(text), telecom: list(telecom) }),
  Appointment: resource(
    "Appointment",
    {
      status: code("booked", "arrived", "cancelled"),
      participant: list(object({ actor: reference("Patient"), status: code("accepted", "declined") }, {})),
    },
    { description: text, cancelationReason: concept },
  ),
  QuestionnaireResponse: resource(
    "QuestionnaireResponse",
    { status: code("in-progress", "completed") },
    {
      item: list(object({ linkId: code("1", "2", "3") }, { text, answer: list(object({ valueString: text }, {})) })),
    },
  ),
};

/** Valid records of one type. */
export function recordOf(type: keyof typeof records & string): fc.Arbitrary<JsonObject> {
  return records[type]!;
}

/** A valid base and two valid versions of it; `mine` and `theirs` share much with the base and with each other. */
export const editedRecord: fc.Arbitrary<Edited> = fc
  .constantFrom(...Object.keys(records))
  .chain((type) =>
    fc.record({
      base: recordOf(type),
      other: recordOf(type),
      another: recordOf(type),
      mineBits: fc.array(fc.nat(5), { minLength: 60, maxLength: 60 }),
      theirsBits: fc.array(fc.nat(5), { minLength: 60, maxLength: 60 }),
    }),
  )
  .map(({ base, other, another, mineBits, theirsBits }) => ({
    base,
    mine: mix(base, other, [...mineBits]),
    theirs: mix(base, another, [...theirsBits]),
  }));

/** One of the edits a person makes, here and there: mostly nothing, sometimes a new value, a removal, a new item. */
function mix(base: JsonObject, other: JsonObject, bits: number[]): JsonObject {
  const mixed: JsonObject = {};
  for (const name of new Set([...Object.keys(base), ...Object.keys(other)])) {
    const value = mixedMember(base[name], other[name], bits);
    if (value !== undefined) mixed[name] = value;
  }
  return withOneOfEachChoice(mixed, base);
}

function mixedMember(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  bits: number[],
): JsonValue | undefined {
  const bit = bits.pop() ?? 0;
  if (bit < 3) return before;
  if (Array.isArray(before) && Array.isArray(after)) {
    if (bit === 3) return [...before, after[0]!];
    if (bit === 4) return [...before.slice(1), after[0]!];
    return isJsonObject(before[0]) && isJsonObject(after[0])
      ? [{ ...before[0], ...after[0] }, ...before.slice(1)]
      : after;
  }
  return after ?? before;
}

const choices = ["deceased", "value", "onset", "medication"];

function withOneOfEachChoice(mixed: JsonObject, base: JsonObject): JsonObject {
  for (const choice of choices) {
    const names = Object.keys(mixed).filter((name) => name.startsWith(choice) && name !== choice);
    const extra = names.filter((name) => names.length > 1 && name in base);
    for (const name of extra) delete mixed[name];
  }
  if (Object.keys(mixed).some((name) => name.startsWith("value"))) delete mixed["dataAbsentReason"];
  return mixed;
}
