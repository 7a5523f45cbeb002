import { type JsonObject, parseLossless, stringifyLossless } from "@tributary/fhir";
import { describe, expect, it } from "vitest";
import { type MergeInput, mergeResources } from "./merge-resources.ts";
import { defaultPolicies } from "./policy/default-policies.ts";
import type { PolicyRule } from "./policy/merge-policy.ts";

describe("an element", () => {
  it("[S20] that one side changed is taken, from each side its own", () => {
    const { merged, contested } = mergePatients(
      { gender: "female", birthDate: "1990" },
      { gender: "other", birthDate: "1990" },
      { gender: "female", birthDate: "1991", active: true },
    );

    expect(merged).toEqual(aPatient({ gender: "other", birthDate: "1991", active: true }));
    expect(contested).toEqual([]);
  });

  it("[S22] that both changed differently is contested with all three values, mine being shown", () => {
    const { merged, contested } = mergePatients({ birthDate: "1990" }, { birthDate: "1991" }, { birthDate: "1992" });

    expect(merged).toEqual(aPatient({ birthDate: "1991" }));
    expect(contested).toEqual([
      {
        path: "Patient.birthDate",
        elements: ["birthDate"],
        because: "both-changed",
        base: { birthDate: "1990" },
        mine: { birthDate: "1991" },
        theirs: { birthDate: "1992" },
        shown: "mine",
      },
    ]);
  });

  it("[S24] that one side removed and the other edited shows the edit, on either side", () => {
    const one = mergePatients({ birthDate: "1990" }, {}, { birthDate: "1991" });
    const other = mergePatients({ birthDate: "1990" }, { birthDate: "1991" }, {});

    expect([one.merged, other.merged]).toEqual([aPatient({ birthDate: "1991" }), aPatient({ birthDate: "1991" })]);
    expect([one, other].map(({ contested }) => [contested[0]?.because, contested[0]?.shown])).toEqual([
      ["edit-and-removal", "theirs"],
      ["edit-and-removal", "mine"],
    ]);
  });

  it("[S22] without a base is contested wherever the sides differ, and nothing of either is left out", () => {
    const { merged, contested } = mergeResources({
      mine: aPatient({ birthDate: "1990", gender: "male", name: [{ use: "official", family: "A" }] }),
      theirs: aPatient({ birthDate: "1991", active: true, name: [{ use: "usual", family: "B" }] }),
    });

    expect(merged).toEqual(
      aPatient({
        birthDate: "1990",
        gender: "male",
        name: [
          { use: "official", family: "A" },
          { use: "usual", family: "B" },
        ],
        active: true,
      }),
    );
    expect(contested.map(({ path, because }) => [path, because])).toEqual([
      ["Patient.active", "no-base"],
      ["Patient.birthDate", "no-base"],
      ["Patient.gender", "no-base"],
      ["Patient.name.where(use='official')", "no-base"],
      ["Patient.name.where(use='usual')", "no-base"],
    ]);
  });

  it("that R4 does not know is kept, and merged as one thing", () => {
    const { merged } = mergePatients({ future: { a: 1 } }, { future: { a: 2 } }, { future: { a: 1 }, further: [1] });

    expect(merged).toEqual(aPatient({ future: { a: 2 }, further: [1] }));
  });

  it("cannot reach beyond the record by its name", () => {
    const parse = (text: string) => parseLossless(`{"resourceType":"Patient"${text}}`) as JsonObject;

    const { merged } = mergeResources({
      base: parse(""),
      mine: parse(""),
      theirs: parse(',"__proto__":{"polluted":1}'),
    });

    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(stringifyLossless(merged as JsonObject)).toBe('{"resourceType":"Patient","__proto__":{"polluted":1}}');
  });
});

describe("what is compared", () => {
  it("[S29] is not the order of members, nor what each node says of its version, nor white space in narrative", () => {
    const narrative = (div: string) => ({ status: "additional", div });
    const base = aPatient({ meta: { versionId: "1" }, gender: "male", text: narrative("<div>a b</div>") });
    const mine = { text: narrative("<div>a\n  b</div>"), gender: "male", meta: { lastUpdated: "2026" }, ...anId };
    const theirs = aPatient({ gender: "female", text: narrative("<div>c</div>") });

    const { merged, contested } = mergeResources({ base, mine, theirs });

    expect(merged).toMatchObject({ gender: "female", text: narrative("<div>c</div>") });
    expect(contested).toEqual([]);
  });

  it("[S29] are decimals by value and precision, however they are spelled", () => {
    const weight = (digits: string) =>
      parseLossless(`{"resourceType":"Basic","extension":[{"url":"urn:w","valueDecimal":${digits}}]}`) as JsonObject;
    const mergeWeights = (base: string, mine: string, theirs: string) => {
      const { merged, contested } = mergeResources({ base: weight(base), mine: weight(mine), theirs: weight(theirs) });
      return [stringifyLossless(merged as JsonObject).match(/valueDecimal":([^}]+)/)?.[1], contested.length];
    };

    expect(mergeWeights("1.0", "1.00", "1.0")).toEqual(["1.00", 0]);
    expect(mergeWeights("1.0", "1.00", "1.000")).toEqual(["1.00", 1]);
    expect(mergeWeights("10", "1.0e1", "12.50")).toEqual(["12.50", 0]);
    expect(mergeWeights("15", "1.5", "150")).toEqual(["1.5", 1]);
    expect(mergeWeights("-0.0", "0.0", "12345678901234567890")).toEqual(["12345678901234567890", 0]);
  });
});

describe("the items of a list", () => {
  const phone = (value: string, more: object = {}) => ({ system: "phone", use: "mobile", value, ...more });
  const email = (value: string) => ({ system: "email", use: "home", value });

  it("[S25] keep their edits when the other side puts a new item before them", () => {
    const { merged, contested } = mergePatients(
      { telecom: [phone("1"), email("a")] },
      { telecom: [{ system: "fax", value: "9" }, phone("1"), email("a")] },
      { telecom: [phone("1"), email("b")] },
    );

    expect(merged).toEqual(aPatient({ telecom: [{ system: "fax", value: "9" }, phone("1"), email("b")] }));
    expect(contested).toEqual([]);
  });

  it("[S25] keep their edits when the other side removes an item before them", () => {
    const { merged, contested } = mergePatients(
      { telecom: [phone("1"), email("a")] },
      { telecom: [email("a")] },
      { telecom: [phone("1"), email("b")] },
    );

    expect(merged).toEqual(aPatient({ telecom: [email("b")] }));
    expect(contested).toEqual([]);
  });

  it("[S25] keep their places when one side edits them and the other adds some", () => {
    const { merged } = mergePatients(
      { telecom: [email("a"), phone("1")] },
      { telecom: [email("a"), phone("1"), phone("2")] },
      { telecom: [email("b"), phone("1")] },
    );

    expect(merged).toEqual(aPatient({ telecom: [email("b"), phone("1"), phone("2")] }));
  });

  it("[S25] replaced by both sides with the same one are not in doubt, whatever one side adds", () => {
    const { merged, contested } = mergePatients(
      { telecom: [phone("1")] },
      { telecom: [phone("2"), phone("3")] },
      { telecom: [phone("2")] },
    );

    expect(merged).toEqual(aPatient({ telecom: [phone("2"), phone("3")] }));
    expect(contested).toEqual([]);
  });

  it("[S25] without a key are edits of each other when they are alike, and else a removal and a new one", () => {
    const photo = (title: string, language: string) => ({ contentType: "image/png", title, language });

    const edit = mergePatients({ photo: [photo("a", "en")] }, { photo: [photo("b", "en")] }, {});
    const other = mergePatients({ photo: [photo("a", "en")] }, { photo: [photo("b", "fr")] }, { active: true });

    expect(edit.contested.map(({ because }) => because)).toEqual(["edit-and-removal"]);
    expect(other).toEqual({ merged: aPatient({ photo: [photo("b", "fr")], active: true }), contested: [] });
  });

  it("[S25] are both added, mine first", () => {
    const { merged, contested } = mergePatients(
      { telecom: [phone("1")] },
      { telecom: [phone("1"), phone("2")] },
      { telecom: [phone("1"), phone("3"), email("a")] },
    );

    expect(merged).toEqual(aPatient({ telecom: [phone("1"), phone("2"), phone("3"), email("a")] }));
    expect(contested).toEqual([]);
  });

  it("[S25] that are removed by one side and edited by the other stay, and are contested", () => {
    const { merged, contested } = mergePatients(
      { telecom: [phone("1"), email("a")] },
      { telecom: [email("a")] },
      { telecom: [phone("2"), email("a")] },
    );

    expect(merged).toEqual(aPatient({ telecom: [email("a"), phone("2")] }));
    expect(contested).toMatchObject([
      {
        path: "Patient.telecom.where(system='phone' and use='mobile')",
        because: "edit-and-removal",
        base: { telecom: [phone("1")] },
        mine: undefined,
        theirs: { telecom: [phone("2")] },
        shown: "theirs",
      },
    ]);
  });

  it("[S25] of one key and equal content are counted, not thrown together", () => {
    const { merged, contested } = mergePatients(
      { telecom: [phone("1"), phone("1"), phone("2")] },
      { telecom: [phone("1"), phone("1"), phone("2"), phone("3")] },
      { telecom: [phone("1"), phone("2")] },
    );

    expect(merged).toEqual(aPatient({ telecom: [phone("1"), phone("2"), phone("3")] }));
    expect(contested).toEqual([]);
  });

  it("[S25] that cannot be told apart are all shown when both sides changed the same one", () => {
    const { merged, contested } = mergePatients(
      { telecom: [phone("1"), phone("2")] },
      { telecom: [phone("3"), phone("4")] },
      { telecom: [phone("5"), phone("2")] },
    );

    expect(merged).toEqual(aPatient({ telecom: [phone("3"), phone("4"), phone("5")] }));
    expect(contested).toMatchObject([
      { shown: "both", base: { telecom: [phone("1")] }, theirs: { telecom: [phone("5")] } },
    ]);
  });

  it("[S25] identifiers: two new values of one system are both kept and contested", () => {
    const id = (value: string, system = "urn:a") => ({ system, value });

    const { merged, contested } = mergePatients(
      { identifier: [id("1")] },
      { identifier: [id("1"), id("2"), id("x", "urn:b")] },
      { identifier: [id("1"), id("3"), id("y", "urn:c")] },
    );

    expect(merged).toEqual(aPatient({ identifier: [id("1"), id("2"), id("x", "urn:b"), id("3"), id("y", "urn:c")] }));
    expect(contested).toMatchObject([
      { path: "Patient.identifier.where(system='urn:a' and type.empty())", shown: "both", because: "both-changed" },
    ]);
  });

  it("[S25] identifiers: the same system and value is the same identifier, whoever adds what to it", () => {
    const id = { system: "urn:a", value: "1" };

    const { merged, contested } = mergePatients(
      { identifier: [id] },
      { identifier: [{ ...id, type: { text: "MR" } }] },
      { identifier: [id, { system: "urn:b", value: "2" }] },
    );

    expect(merged).toEqual(
      aPatient({
        identifier: [
          { ...id, type: { text: "MR" } },
          { system: "urn:b", value: "2" },
        ],
      }),
    );
    expect(contested).toEqual([]);
  });

  it("[S25] that have elements of their own are merged member by member, known by what they are about", () => {
    const mother = { coding: [{ system: "urn:r", code: "MTH" }] };
    const contact = (family: string, more: object = {}) => ({ relationship: [mother], name: { family }, ...more });

    const { merged, contested } = mergePatients(
      { contact: [contact("A")] },
      { contact: [contact("A", { gender: "female" })] },
      { contact: [{ gender: "male", name: { family: "Z" } }, contact("B")] },
    );

    expect(merged).toEqual(
      aPatient({ contact: [contact("B", { gender: "female" }), { gender: "male", name: { family: "Z" } }] }),
    );
    expect(contested).toEqual([]);
  });

  it("[S25] are named by FHIRPath that quotes what it must", () => {
    const extension = (valueString: string) => ({ url: "urn:o'clock\\", valueString });

    const { contested } = mergePatients(
      { extension: [extension("a")] },
      { extension: [extension("b")] },
      { extension: [extension("c")] },
    );

    expect(contested[0]?.path).toBe("Patient.extension.where(url='urn:o\\'clock\\\\')");
  });

  it("[S25] an item known by content alone is named by a hash of what it was", () => {
    const photo = (title: string) => ({ contentType: "image/png", language: "en", title });

    const { contested } = mergePatients({ photo: [photo("a")] }, { photo: [photo("b")] }, { photo: [photo("c")] });

    expect(contested[0]?.path).toMatch(/^Patient\.photo\[#[0-9a-f]{8}\]$/);
    expect(contested).toMatchObject([
      { mine: { photo: [photo("b")] }, theirs: { photo: [photo("c")] }, shown: "mine" },
    ]);
  });

  it("[S25] may be very many, all of them changed on both sides", () => {
    const many = (make: (n: number) => object) => Array.from({ length: 10_000 }, (_, n) => make(n));
    const telecom = (value: string) => ({ telecom: many((n) => ({ system: `s${n}`, value })) });
    const photo = (title: string) => ({ photo: many((n) => ({ title: `${title}${n}` })) });
    const startedAt = performance.now();

    const keyed = mergePatients({ telecom: [] }, telecom("a"), telecom("b"));
    const unkeyed = mergePatients(photo("a"), photo("b"), photo("c"));
    const removed = mergePatients(photo("a"), {}, photo("c"));

    expect([keyed, unkeyed, removed].map(({ contested }) => contested.length)).toEqual([10_000, 1, 1]);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it("[S25] bare values are their own keys, and stay with their extensions", () => {
    const allergy = (more: JsonObject) => ({ resourceType: "AllergyIntolerance", patient: aReference, ...more });
    const merge = (base: JsonObject, mine: JsonObject, theirs: JsonObject) =>
      mergeResources({ base: allergy(base), mine: allergy(mine), theirs: allergy(theirs) });

    const plain = merge({ category: ["food"] }, { category: ["food", "medication"] }, { category: ["environment"] });
    const extended = merge(
      { category: ["food"] },
      { category: ["food", "medication"] },
      { category: ["food"], _category: [{ id: "x" }] },
    );

    expect(plain.merged).toMatchObject({ category: ["medication", "environment"] });
    expect(plain.contested).toEqual([]);
    expect(extended.merged).toMatchObject({ category: ["food", "medication"] });
    expect(extended.contested).toMatchObject([{ path: "AllergyIntolerance.category", elements: ["category"] }]);
  });
});

describe("what belongs together", () => {
  it("[S26] is never mixed: the parts of a name or an address come from one side", () => {
    const { merged, contested } = mergePatients(
      { name: [{ use: "official", family: "A", given: ["X"] }] },
      { name: [{ use: "official", family: "B", given: ["X"] }] },
      { name: [{ use: "official", family: "A", given: ["Y"] }] },
    );

    expect(merged).toEqual(aPatient({ name: [{ use: "official", family: "B", given: ["X"] }] }));
    expect(contested.map(({ path }) => path)).toEqual(["Patient.name.where(use='official')"]);
  });

  it("[S26] is never mixed: a date and its extensions", () => {
    const { merged, contested } = mergePatients(
      { birthDate: "1990" },
      { birthDate: "1991" },
      { birthDate: "1990", _birthDate: { id: "estimated" } },
    );

    expect(merged).toEqual(aPatient({ birthDate: "1991" }));
    expect(contested).toMatchObject([{ theirs: { birthDate: "1990", _birthDate: { id: "estimated" } } }]);
  });

  it("[S26] is never mixed: a medication of one order and the dosage of another", () => {
    const order = (medication: string, dosage: string) =>
      anOrder({ medicationCodeableConcept: { text: medication }, dosageInstruction: [{ text: dosage }] });

    const { merged, contested } = mergeResources({
      base: order("A", "1"),
      mine: order("B", "1"),
      theirs: order("A", "2"),
    });

    expect(merged).toEqual(order("B", "1"));
    expect(contested).toMatchObject([
      { path: "MedicationRequest.medication", elements: ["medication", "doNotPerform", "dosageInstruction"] },
    ]);
  });

  it("[S26] is never mixed: a status and its reason, a value and the reason why there is none", () => {
    const status = mergeResources({
      base: anOrder({ status: "active" }),
      mine: anOrder({ status: "on-hold", statusReason: { text: "surgery" } }),
      theirs: anOrder({ status: "stopped" }),
    });
    const value = mergeResources({
      base: anObservation({ valueString: "a" }),
      mine: anObservation({ valueString: "b" }),
      theirs: anObservation({ dataAbsentReason: { text: "lost" } }),
      policies: [{ type: "Observation", policy: "merge" }],
    });

    expect(status.merged).toEqual(anOrder({ status: "stopped" }));
    expect(status.contested.map(({ elements }) => elements)).toEqual([["status", "statusReason"]]);
    expect(value.merged).toEqual(anObservation({ valueString: "b" }));
    expect(value.contested.map(({ elements }) => elements)).toEqual([["value", "dataAbsentReason"]]);
  });

  it("[S26] an item without a key is taken whole, since it could not be known again", () => {
    const contact = (gender: string, city: string) => ({
      contact: [{ gender, address: { city }, name: { family: "A" } }],
    });

    const { merged, contested } = mergePatients(contact("male", "X"), contact("female", "X"), contact("male", "Y"));

    expect(merged).toEqual(aPatient(contact("female", "X")));
    expect(contested).toMatchObject([{ theirs: contact("male", "Y"), shown: "mine" }]);
  });

  it("[S26] elements with elements of their own are merged member by member", () => {
    const merge = mergeResources({
      base: anOrder({ dispenseRequest: { numberOfRepeatsAllowed: 1, quantity: { value: 10 } } }),
      mine: anOrder({ dispenseRequest: { numberOfRepeatsAllowed: 2, quantity: { value: 10 } } }),
      theirs: anOrder({ dispenseRequest: { numberOfRepeatsAllowed: 3, quantity: { value: 20 } } }),
    });

    expect(merge.merged).toEqual(anOrder({ dispenseRequest: { numberOfRepeatsAllowed: 2, quantity: { value: 20 } } }));
    expect(merge.contested.map(({ path }) => path)).toEqual([
      "MedicationRequest.dispenseRequest.numberOfRepeatsAllowed",
    ]);
  });
});

describe("a merged record", () => {
  it("[S23] stays valid where each side's change is valid alone", () => {
    const contact = (more: object) => ({ contact: [{ relationship: [{ text: "aunt" }], ...more }] });

    const { merged, contested } = mergePatients(
      contact({ name: { family: "A" }, telecom: [{ system: "phone", value: "1" }] }),
      contact({ name: { family: "A" } }),
      contact({ telecom: [{ system: "phone", value: "1" }] }),
    );

    expect(merged).toEqual(aPatient(contact({ name: { family: "A" } })));
    expect(contested).toMatchObject([{ path: "Patient.contact", because: "invalid-together", shown: "mine" }]);
  });

  it("[S23] keeps what is referred to inside it", () => {
    const doctor = { resourceType: "Practitioner", id: "d" };
    const base = aPatient({ contained: [doctor], generalPractitioner: [{ reference: "#d" }] });
    const theirs = aPatient({ contained: [doctor], generalPractitioner: [{ reference: "#d", display: "Dr. D" }] });

    const one = mergeResources({ base, mine: aPatient({ gender: "male" }), theirs });
    const other = mergeResources({ base, mine: theirs, theirs: aPatient({ gender: "male" }) });

    expect(one.merged).toEqual(aPatient({ gender: "male" }));
    expect(one.contested).toMatchObject([{ path: "Patient.generalPractitioner", because: "invalid-together" }]);
    expect(other.merged).toEqual({ ...theirs, gender: "male" });
    expect(other.contested.map(({ path, because }) => [path, because])).toEqual([
      ["Patient.contained", "invalid-together"],
      ["Patient.generalPractitioner.where(reference='#d')", "edit-and-removal"],
    ]);
  });

  it("[S23] keeps a list that must not be empty, where each side removed what the other one kept", () => {
    const consent = (...categories: string[]) => ({
      resourceType: "Consent",
      status: "active",
      scope: { text: "care" },
      policyRule: { text: "opt-in" },
      category: categories.map((text) => ({ text })),
    });

    const { merged, contested } = mergeResources({ base: consent("a", "b"), mine: consent("a"), theirs: consent("b") });

    expect(merged).toEqual(consent("a"));
    expect(contested).toMatchObject([{ path: "Consent.category", because: "invalid-together" }]);
  });

  it("[S23] that no single element can mend is contested as a whole", () => {
    const policies: PolicyRule[] = [
      { type: "Patient", policy: () => ({ kind: "put", fragment: { id: "nothing else" } }) },
    ];
    const sides = { base: aPatient({}), mine: aPatient({ gender: "male" }), theirs: aPatient({ gender: "female" }) };

    expect(mergeResources({ ...sides, policies })).toEqual({
      merged: sides.mine,
      contested: [{ path: "Patient", elements: [], because: "invalid-together", ...sides, shown: "mine" }],
    });
  });

  it("[S23] keeps its decimals while it is checked", () => {
    const parse = (text: string) => parseLossless(text) as JsonObject;
    const order = (repeats: number, value: string) =>
      parse(
        `{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"reference":"Patient/1"},"medicationReference":{"reference":"Medication/1"},"dispenseRequest":{"numberOfRepeatsAllowed":${repeats},"quantity":{"value":${value}}}}`,
      );

    const { merged, contested } = mergeResources({
      base: order(1, "5"),
      mine: order(2, "5"),
      theirs: order(1, "5.50"),
    });

    expect(merged).toEqual(order(2, "5.50"));
    expect(contested).toEqual([]);
  });
});

describe("a deletion", () => {
  const base = aPatient({ gender: "male" });
  const edit = aPatient({ gender: "female" });

  it("[S27] stands where the other side left the record alone", () => {
    for (const sides of [
      { base, mine: "deleted", theirs: { ...base, meta: { versionId: "4" } } },
      { base, mine: base, theirs: "deleted" },
      { base, mine: "deleted", theirs: "deleted" },
      { mine: "deleted", theirs: "deleted" },
    ] satisfies MergeInput[]) {
      expect(mergeResources(sides)).toEqual({ merged: "deleted", contested: [] });
    }
  });

  it("[S27] against an edit is contested, the edit is shown and nothing is lost, by whatever policy", () => {
    const policies: PolicyRule[] = [{ type: "*", policy: "parent-wins" }];

    const result = mergeResources({ base, mine: "deleted", theirs: edit, policies });

    expect(result).toEqual({
      merged: edit,
      contested: [
        {
          path: "Patient",
          elements: [],
          because: "edit-and-removal",
          base,
          mine: undefined,
          theirs: edit,
          shown: "theirs",
        },
      ],
    });
    expect(mergeResources({ base, mine: edit, theirs: "deleted" })).toMatchObject({
      merged: edit,
      contested: [{ shown: "mine" }],
    });
    expect(mergeResources({ mine: edit, theirs: "deleted" })).toMatchObject({ contested: [{ because: "no-base" }] });
  });

  it("[S27] that somebody has undone does not come back", () => {
    expect(mergeResources({ base: "deleted", mine: "deleted", theirs: edit })).toEqual({ merged: edit, contested: [] });
  });
});

describe("the default policies", () => {
  const whole = (resourceType: string) =>
    defaultPolicies.filter((rule) => rule.type === resourceType && rule.element === undefined);

  it.each([
    "Observation",
    "DiagnosticReport",
    "Immunization",
    "MedicationAdministration",
    "Composition",
    "DocumentReference",
  ])("[S28] two hands in one %s are for a person to decide", (type) => {
    expect(whole(type).map(({ policy }) => policy)).toEqual(["manual"]);
  });

  it("[S28] an Observation is never woven together, not even from disjoint edits", () => {
    const base = anObservation({ valueString: "a" });
    const mine = anObservation({ valueString: "b" });
    const theirs = anObservation({ valueString: "a", note: [{ text: "x" }] });

    const { merged, contested } = mergeResources({ base, mine, theirs });

    expect(merged).toEqual(mine);
    expect(contested).toEqual([
      { path: "Observation", elements: [], because: "both-changed", base, mine, theirs, shown: "mine" },
    ]);
  });

  it("[S24] an Observation that one side marked as entered in error is shown so", () => {
    const theirs = anObservation({ status: "entered-in-error" });

    const result = mergeResources({ base: anObservation({}), mine: anObservation({ valueString: "b" }), theirs });

    expect(result).toMatchObject({ merged: theirs, contested: [{ shown: "theirs" }] });
  });

  it.each(["Location", "Organization", "Practitioner", "Questionnaire", "ValueSet"])(
    "[S28] a %s is the parent's",
    (type) => {
      const mine = { resourceType: type, id: "1", name: "the parent's" };
      const theirs = { resourceType: type, id: "1", name: "the child's" };

      const { merged, contested } = mergeResources({ base: { resourceType: type, id: "1" }, mine, theirs });

      expect(merged).toBe(mine);
      expect(contested).toMatchObject([{ path: type, settledBy: "parent-wins", theirs }]);
    },
  );

  it("[S28] of an Appointment the later to arrive holds, element by element, and is marked", () => {
    const appointment = (status: string, start: string, description: string) => ({
      resourceType: "Appointment",
      status,
      start,
      end: `${start}:30`,
      description,
    });

    const { merged, contested } = mergeResources({
      base: appointment("booked", "10:00", "a"),
      mine: appointment("booked", "11:00", "b"),
      theirs: appointment("booked", "12:00", "a"),
    });

    expect(merged).toEqual(appointment("booked", "12:00", "b"));
    expect(contested).toMatchObject([{ path: "Appointment.start", settledBy: "latest-wins", shown: "theirs" }]);
  });

  it.each([
    ["AllergyIntolerance", "clinicalStatus", concept("inactive"), concept("active"), concept("resolved"), "active"],
    ["AllergyIntolerance", "criticality", "unable-to-assess", "high", "low", "high"],
    ["Condition", "clinicalStatus", concept("remission"), concept("active"), concept("resolved"), "active"],
    ["MedicationRequest", "status", "active", "stopped", "completed", "stopped"],
    ["Consent", "status", "proposed", "rejected", "active", "rejected"],
  ])(
    "[S24] of %s.%s the safer value is shown and nobody chooses",
    (resourceType, element, was, safer, other, shown) => {
      const of = (value: unknown) => ({ resourceType, [element]: value }) as JsonObject;

      const one = mergeResources({ base: of(was), mine: of(safer), theirs: of(other) });
      const two = mergeResources({ base: of(was), mine: of(other), theirs: of(safer) });

      for (const { merged, contested } of [one, two]) {
        expect(JSON.stringify(merged)).toContain(shown);
        expect(contested).toHaveLength(1);
        expect(contested[0]?.settledBy).toBeUndefined();
      }
    },
  );

  it("[S24] a person is shown as living until somebody decides", () => {
    const { merged, contested } = mergePatients({}, { deceasedDateTime: "2026-01-01" }, { deceasedBoolean: false });

    expect(merged).toEqual(aPatient({ deceasedBoolean: false }));
    expect(contested).toMatchObject([{ path: "Patient.deceased", mine: { deceasedDateTime: "2026-01-01" } }]);
  });

  it("[S24] a consent that denies is shown", () => {
    const consent = (type: string, status = "active") => ({ resourceType: "Consent", status, provision: { type } });

    const { merged } = mergeResources({
      base: consent("permit", "draft"),
      mine: consent("permit"),
      theirs: consent("deny"),
    });

    expect(merged).toEqual(consent("deny"));
  });

  it.each([
    ["planned", "in-progress", "arrived", "in-progress"],
    ["arrived", "cancelled", "entered-in-error", "entered-in-error"],
    ["arrived", "cancelled", "in-progress", "in-progress"],
  ])("[S24] of an Encounter that was %s, here %s and there %s, is shown: %s", (was, one, other, shown) => {
    const encounter = (status: string) => ({ resourceType: "Encounter", status });

    for (const [mine, theirs] of [
      [one, other],
      [other, one],
    ] as const) {
      const result = mergeResources({ base: encounter(was), mine: encounter(mine), theirs: encounter(theirs) });
      expect(result).toMatchObject({ merged: encounter(shown), contested: [{ path: "Encounter.status" }] });
    }
  });

  it("[S28] a narrative made from the data is the parent's; words that somebody added are contested", () => {
    const text = (status: string, div: string) => ({ text: { status, div } });

    const made = mergePatients(text("generated", "a"), text("generated", "b"), text("generated", "c"));
    const added = mergePatients(text("generated", "a"), text("generated", "b"), text("additional", "c"));

    expect([made, added].map(({ contested }) => contested[0]?.settledBy)).toEqual(["strategy", undefined]);
    expect(made.merged).toEqual(aPatient(text("generated", "b")));
  });
});

describe("a site's policies", () => {
  const sides = {
    base: aPatient({ gender: "unknown", birthDate: "1990" }),
    mine: aPatient({ gender: "male", birthDate: "1991" }),
    theirs: aPatient({ gender: "female", birthDate: "1992" }),
  };
  const wins = (policies: readonly PolicyRule[]) => {
    const { merged, contested } = mergeResources({ ...sides, policies });
    const { gender, birthDate } = merged as JsonObject;
    return [gender, birthDate, contested.map(({ settledBy }) => settledBy ?? "open")];
  };

  it("[S28] decide by the most exact rule, and keep what gave way", () => {
    expect(wins([{ type: "Patient", element: "gender", policy: "child-wins" }])).toEqual([
      "female",
      "1991",
      ["open", "child-wins"],
    ]);
    expect(
      wins([
        { type: "*", element: "*", policy: "latest-wins" },
        { type: "Patient", element: "gender", policy: "parent-wins" },
      ]),
    ).toEqual(["male", "1992", ["latest-wins", "parent-wins"]]);
    expect(
      wins([
        { type: "Patient", element: "*", policy: "child-wins" },
        { type: "Patient", element: "*", policy: "parent-wins" },
      ]),
    ).toEqual(["female", "1992", ["child-wins", "child-wins"]]);
    expect(wins([{ type: "Patient", policy: "child-wins" }])).toEqual(["female", "1992", ["child-wins"]]);
    expect(wins([{ type: "Patient", policy: "manual" }])).toEqual(["male", "1991", ["open"]]);
  });

  it("[S28] take the place of the default ones", () => {
    const result = mergeResources({
      base: anObservation({ valueString: "a" }),
      mine: anObservation({ valueString: "b" }),
      theirs: anObservation({ valueString: "a", note: [{ text: "x" }] }),
      policies: [{ type: "Observation", policy: "merge" }],
    });

    expect(result).toEqual({ merged: anObservation({ valueString: "b", note: [{ text: "x" }] }), contested: [] });
  });

  it("[S28] with `manual` for an element contest it without looking inside", () => {
    const telecom = (...values: string[]) => ({ telecom: values.map((value) => ({ system: "phone", value })) });

    const { contested } = mergeResources({
      base: aPatient(telecom("1")),
      mine: aPatient(telecom("1", "2")),
      theirs: aPatient(telecom("1", "3")),
      policies: [{ type: "Patient", element: "telecom", policy: "manual" }],
    });

    expect(contested).toMatchObject([{ path: "Patient.telecom", mine: telecom("1", "2"), theirs: telecom("1", "3") }]);
  });

  it("[S28] may be functions that take a side, put in a value, contest, or leave it to the merge", () => {
    const earlier: PolicyRule = {
      type: "Patient",
      element: "birthDate",
      policy: ({ mine, theirs }) => ({
        kind: "take",
        side: JSON.stringify(mine) < JSON.stringify(theirs) ? "mine" : "theirs",
      }),
    };
    const put: PolicyRule = {
      type: "Patient",
      element: "gender",
      policy: () => ({ kind: "put", fragment: { gender: "other", id: "x" } }),
    };
    const ask: PolicyRule = { type: "Patient", element: "gender", policy: () => ({ kind: "contest", show: "theirs" }) };
    const leave: PolicyRule = { type: "Patient", policy: () => ({ kind: "merge" }) };

    expect(wins([earlier, put])).toEqual(["other", "1991", ["strategy", "strategy"]]);
    expect(wins([ask])).toEqual(["female", "1991", ["open", "open"]]);
    expect(wins([leave])).toEqual(["male", "1991", ["open", "open"]]);
    expect(mergeResources({ ...sides, policies: [put] }).merged).toMatchObject({ id: "p1" });
  });
});

const anId = { resourceType: "Patient", id: "p1" };
const aReference = { reference: "Patient/p1" };

function aPatient(more: object): JsonObject {
  return { ...anId, ...more };
}

function anOrder(more: object): JsonObject {
  const required = { status: "active", intent: "order", subject: aReference };
  return { resourceType: "MedicationRequest", medicationCodeableConcept: { text: "A" }, ...required, ...more };
}

function anObservation(more: object): JsonObject {
  return { resourceType: "Observation", status: "final", code: { text: "x" }, ...more };
}

function concept(code: string) {
  return { coding: [{ code }] };
}

function mergePatients(base: object, mine: object, theirs: object) {
  return mergeResources({ base: aPatient(base), mine: aPatient(mine), theirs: aPatient(theirs) });
}
