import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { searchForTests } from "../../testing/search-for-tests.ts";

describeOnEachDatabase("a search by value", (open) => {
  it("finds tokens by code, by system and code, by code without a system, and by system", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    await save(
      { resourceType: "Patient", id: "a", identifier: [{ system: "urn:one", value: "7" }] },
      { resourceType: "Patient", id: "b", identifier: [{ system: "urn:two", value: "7" }] },
      { resourceType: "Patient", id: "c", identifier: [{ value: "7" }] },
      { resourceType: "Patient", id: "d", identifier: [{ system: "urn:one", value: "8" }] },
    );

    expect(await find("Patient?identifier=7")).toEqual(["a", "b", "c"]);
    expect(await find("Patient?identifier=urn:one|7")).toEqual(["a"]);
    expect(await find("Patient?identifier=|7")).toEqual(["c"]);
    expect(await find("Patient?identifier=urn:one|")).toEqual(["a", "d"]);
    expect(await find("Patient?identifier=urn:one|7,urn:one|8")).toEqual(["a", "d"]);
    expect(await find("Patient?identifier=urn:three|7")).toEqual([]);
    expect(await find("Patient?identifier=7&identifier=urn:two|")).toEqual(["b"]);
  });

  it("finds codes of a coded element by any of its codings, and bare codes with or without their system", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    const coding = [
      { system: "http://loinc.org", code: "8867-4" },
      { system: "http://snomed.info/sct", code: "364075005" },
    ];
    await save(
      { resourceType: "Observation", id: "a", status: "final", code: { coding } },
      { resourceType: "Observation", id: "b", status: "preliminary", code: { text: "pulse" } },
    );

    expect(await find("Observation?code=http://loinc.org|8867-4")).toEqual(["a"]);
    expect(await find("Observation?code=364075005")).toEqual(["a"]);
    expect(await find("Observation?combo-code=364075005")).toEqual(["a"]);
    expect(await find("Observation?status=final")).toEqual(["a"]);
    expect(await find("Observation?status=http://hl7.org/fhir/observation-status|final")).toEqual(["a"]);
    expect(await find("Observation?status=FINAL")).toEqual([]);
  });

  it("finds contact points by value, with their system, and by the parameters for one system", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    const telecom = [
      { system: "phone", value: "555" },
      { system: "email", value: "a@x.example" },
    ];
    await save({ resourceType: "Patient", id: "a", telecom });

    expect(await find("Patient?telecom=555")).toEqual(["a"]);
    expect(await find("Patient?telecom=phone|555")).toEqual(["a"]);
    expect(await find("Patient?phone=555")).toEqual(["a"]);
    expect(await find("Patient?email=555")).toEqual([]);
    expect(await find("Patient?email=a@x.example")).toEqual(["a"]);
  });

  it("finds by what the meta says: profile, tag, security label and source", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    const meta = {
      profile: ["http://p.example/one"],
      tag: [{ system: "urn:t", code: "t1" }],
      security: [{ code: "R" }],
      source: "urn:lab",
    };
    await save({ resourceType: "Patient", id: "a", meta }, { resourceType: "Group", id: "b", meta });

    for (const asked of ["_profile=http://p.example/one", "_tag=urn:t|t1", "_security=R", "_source=urn:lab"]) {
      expect(await find(`Patient?${asked}`)).toEqual(["a"]);
    }
    expect(await find("Patient?_tag=urn:t|t2")).toEqual([]);
  });

  it("finds booleans and claims: `active`, `deceased`", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    await save(
      { resourceType: "Patient", id: "a", active: true },
      { resourceType: "Patient", id: "b", active: false, deceasedBoolean: true },
      { resourceType: "Patient", id: "c", deceasedDateTime: "2020-01-01" },
      { resourceType: "Patient", id: "d", deceasedBoolean: false },
    );

    expect(await find("Patient?active=true")).toEqual(["a"]);
    expect(await find("Patient?deceased=true")).toEqual(["b", "c"]);
    expect(await find("Patient?deceased=false")).toEqual(["a", "d"]);
  });

  it("takes `:not` to mean none of the values, and resources without a value too", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    await save(
      { resourceType: "Patient", id: "a", gender: "female" },
      { resourceType: "Patient", id: "b", gender: "male" },
      { resourceType: "Patient", id: "c" },
    );

    expect(await find("Patient?gender:not=male")).toEqual(["a", "c"]);
    expect(await find("Patient?gender:not=male,female")).toEqual(["c"]);
  });

  it("tells by `:missing` whether there is a value, for every kind of parameter", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    await save(
      {
        resourceType: "Observation",
        id: "full",
        status: "final",
        code: { text: "x" },
        subject: { reference: "Patient/1" },
        effectiveDateTime: "2024-01-01",
        valueQuantity: { value: 1 },
        meta: { profile: ["http://p.example/x"] },
      },
      {
        resourceType: "Observation",
        id: "bare",
        status: "final",
        code: { text: "x" },
        subject: { reference: "Group/1" },
      },
    );

    for (const code of ["date", "value-quantity", "_profile", "patient"]) {
      expect(await find(`Observation?${code}:missing=false`)).toEqual(["full"]);
      expect(await find(`Observation?${code}:missing=true`)).toEqual(["bare"]);
    }
    expect(await find("Observation?subject:missing=true")).toEqual([]);
    expect(await find("Observation?subject:missing=false")).toEqual(["full", "bare"]);
  });

  it("finds strings by their beginning without case and accents, `:exact` as written, `:contains` anywhere", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    await save(
      { resourceType: "Patient", id: "a", name: [{ family: "Fernández", given: ["Éva", "María"] }] },
      { resourceType: "Patient", id: "b", name: [{ family: "fernandez" }] },
      {
        resourceType: "Patient",
        id: "c",
        name: [{ text: "Ana Fernandez" }],
        address: [{ city: "Łódź", line: ["Main St 5"] }],
      },
    );

    expect(await find("Patient?family=FERNAN")).toEqual(["a", "b"]);
    expect(await find("Patient?name=eva")).toEqual(["a"]);
    expect(await find("Patient?name=ana")).toEqual(["c"]);
    expect(await find("Patient?phonetic=maria")).toEqual(["a"]);
    expect(await find("Patient?family:exact=Fernández")).toEqual(["a"]);
    expect(await find("Patient?family:exact=Fernand")).toEqual([]);
    expect(await find("Patient?name:contains=NANDEZ")).toEqual(["a", "b", "c"]);
    expect(await find("Patient?address-city=lodz")).toEqual(["c"]);
    expect(await find("Patient?address=main")).toEqual(["c"]);
    expect(await find("Patient?family=zz,fernandez")).toEqual(["a", "b"]);
  });

  it("takes wildcards, quotes and escapes in values literally", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    await save(
      { resourceType: "Patient", id: "a", name: [{ family: "100% O'Neil_x" }] },
      { resourceType: "Patient", id: "b", name: [{ family: "Smith, John|Jr" }] },
      { resourceType: "Patient", id: "c", identifier: [{ system: "urn:s", value: "a|b,c$d\\e" }] },
    );

    expect(await find("Patient?family=%25")).toEqual([]);
    expect(await find("Patient?family:contains=%25")).toEqual(["a"]);
    expect(await find("Patient?family:contains=_")).toEqual(["a"]);
    expect(await find("Patient?family=100%25 o'neil_")).toEqual(["a"]);
    expect(await find("Patient?family=' or 1=1 --")).toEqual([]);
    expect(await find("Patient?family=smith\\, john\\|jr")).toEqual(["b"]);
    expect(await find("Patient?identifier=urn:s|a\\|b\\,c\\$d\\\\e")).toEqual(["c"]);
  });

  it("finds URIs whole, and by `:below` and `:above` with the parts of their path", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    await save(
      { resourceType: "ValueSet", id: "a", url: "http://x.example/fhir/ValueSet/1" },
      { resourceType: "ValueSet", id: "b", url: "http://x.example/fhir/ValueSet/1/more" },
      { resourceType: "ValueSet", id: "c", url: "http://x.example/fhir/ValueSet/12" },
      { resourceType: "ValueSet", id: "d", url: "urn:oid:1.2.3" },
    );

    expect(await find("ValueSet?url=http://x.example/fhir/ValueSet/1")).toEqual(["a"]);
    expect(await find("ValueSet?url=HTTP://x.example/fhir/ValueSet/1")).toEqual([]);
    expect(await find("ValueSet?url:below=http://x.example/fhir/ValueSet/1")).toEqual(["a", "b"]);
    expect(await find("ValueSet?url:below=http://x.example/fhir/")).toEqual(["a", "b", "c"]);
    expect(await find("ValueSet?url:above=http://x.example/fhir/ValueSet/1/more/deep")).toEqual(["a", "b"]);
    expect(await find("ValueSet?url=urn:oid:1.2.3")).toEqual(["d"]);
  });

  it("compares numbers with the precision of their digits, and by prefixes exactly", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    const assessed = (id: string, probabilityDecimal: number) => ({
      resourceType: "RiskAssessment",
      id,
      prediction: [{ probabilityDecimal }],
    });
    await save(assessed("a", 0.75), assessed("b", 0.754), assessed("c", 0.755), assessed("d", 0.8));

    expect(await find("RiskAssessment?probability=0.75")).toEqual(["a", "b"]);
    expect(await find("RiskAssessment?probability=0.8")).toEqual(["a", "b", "c", "d"]);
    expect(await find("RiskAssessment?probability=7.50e-1")).toEqual(["a"]);
    expect(await find("RiskAssessment?probability=ne0.75")).toEqual(["c", "d"]);
    expect(await find("RiskAssessment?probability=gt0.754")).toEqual(["c", "d"]);
    expect(await find("RiskAssessment?probability=ge0.754")).toEqual(["b", "c", "d"]);
    expect(await find("RiskAssessment?probability=lt0.754")).toEqual(["a"]);
    expect(await find("RiskAssessment?probability=le0.754")).toEqual(["a", "b"]);
    expect(await find("RiskAssessment?probability=sa0.755")).toEqual(["d"]);
    expect(await find("RiskAssessment?probability=eb0.755")).toEqual(["a", "b"]);
    expect(await find("RiskAssessment?probability=ap0.70")).toEqual(["a", "b", "c"]);
  });

  it("finds units that are long, or have characters that a database cannot hold", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    const long = "drops ".repeat(100).trim();
    const observed = (id: string, unit: string) => ({
      resourceType: "Observation",
      id,
      status: "final",
      code: { text: "dose" },
      valueQuantity: { value: 2, unit, system: "http://unitsofmeasure.org", code: "[drp]" },
    });

    await save(observed("a", "dr\u0000ops"), observed("b", long));

    expect(await find("Observation?value-quantity=2||drops")).toEqual(["a"]);
    expect(await find(`Observation?value-quantity=2||${long}`)).toEqual(["b"]);
  });

  it("compares quantities by value, system and code or unit, with ranges and comparators", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    const observed = (id: string, valueQuantity: object) => ({
      resourceType: "Observation",
      id,
      status: "final",
      code: { text: "x" },
      valueQuantity: { ...valueQuantity },
    });
    await save(
      observed("a", { value: 5.4, unit: "milligram", system: "http://unitsofmeasure.org", code: "mg" }),
      observed("b", { value: 5.4, unit: "g" }),
      observed("c", { value: 6, comparator: "<", system: "http://unitsofmeasure.org", code: "mg" }),
      {
        resourceType: "Condition",
        id: "d",
        onsetRange: { low: { value: 30, code: "a" }, high: { value: 40, code: "a" } },
      },
      { resourceType: "Condition", id: "e", onsetAge: { value: 35, code: "a" } },
    );

    expect(await find("Observation?value-quantity=5.4|http://unitsofmeasure.org|mg")).toEqual(["a"]);
    expect(await find("Observation?value-quantity=5.4||mg")).toEqual(["a"]);
    expect(await find("Observation?value-quantity=5.4||milligram")).toEqual(["a"]);
    expect(await find("Observation?value-quantity=5.4")).toEqual(["a", "b"]);
    expect(await find("Observation?combo-value-quantity=5.40||g")).toEqual(["b"]);
    expect(await find("Observation?value-quantity=lt5")).toEqual(["c"]);
    expect(await find("Observation?value-quantity=gt5.5")).toEqual(["c"]);
    expect(await find("Condition?onset-age=gt39")).toEqual(["d"]);
    expect(await find("Condition?onset-age=lt31")).toEqual(["d"]);
    expect(await find("Condition?onset-age=35||a")).toEqual(["e"]);
    expect(await find("Condition?onset-age=sa29")).toEqual(["d", "e"]);
    expect(await find("Condition?onset-age=eb36")).toEqual(["e"]);
  });

  it("compares dates as stretches of time, with every prefix, open periods and time zones", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    const met = (id: string, period: object) => ({
      resourceType: "Encounter",
      id,
      status: "finished",
      period: { ...period },
    });
    await save(
      met("day", { start: "2024-03-10", end: "2024-03-10" }),
      met("month", { start: "2024-03", end: "2024-03" }),
      met("open", { start: "2024-03-20" }),
      met("before", { end: "2024-02-28T23:59:59Z" }),
      met("instant", { start: "2024-03-10T23:30:00-02:00", end: "2024-03-11T01:30:00Z" }),
    );

    expect(await find("Encounter?date=2024-03-10")).toEqual(["day"]);
    expect(await find("Encounter?date=2024-03")).toEqual(["day", "month", "instant"]);
    expect(await find("Encounter?date=2024-03-11")).toEqual(["instant"]);
    expect(await find("Encounter?date=ne2024-03")).toEqual(["open", "before"]);
    expect(await find("Encounter?date=gt2024-03-31")).toEqual(["open"]);
    expect(await find("Encounter?date=gt2024-03-30")).toEqual(["month", "open"]);
    expect(await find("Encounter?date=lt2024-03-01")).toEqual(["before"]);
    expect(await find("Encounter?date=ge2024-03-11")).toEqual(["month", "open", "instant"]);
    expect(await find("Encounter?date=le2024-03-10")).toEqual(["day", "month", "before"]);
    expect(await find("Encounter?date=sa2024-03-10")).toEqual(["open", "instant"]);
    expect(await find("Encounter?date=eb2024-03-11")).toEqual(["day", "before"]);
    expect(await find("Encounter?date=2024-03-11T01:30:00Z")).toEqual(["instant"]);
    expect(await find("Encounter?date=2024-03-11T03:30:00+02:00")).toEqual(["instant"]);
    expect(await find("Encounter?date=ge2024-03-10&date=lt2024-03-11")).toEqual(["day", "month"]);
    expect(await find("Encounter?date=ap2024-03-12")).toEqual(["day", "month", "open", "instant"]);
  });

  it("finds by `_id` and `_lastUpdated`, and never what was deleted", async () => {
    await using database = await open();
    const { save, find, remove, search } = await searchForTests(database);
    await save(
      { resourceType: "Patient", id: "a", gender: "male" },
      { resourceType: "Patient", id: "b", gender: "male" },
    );
    await save({ resourceType: "Group", id: "a" });

    expect(await find("Patient?_id=a,x")).toEqual(["a"]);
    expect(await find("Patient?_id=a,b&gender=male&_id=b")).toEqual(["b"]);
    expect(await find("Patient?_lastUpdated=gt2020")).toEqual(["a", "b"]);
    expect(await find("Patient?_lastUpdated=lt2020")).toEqual([]);

    await remove("Patient/a");

    expect(await find("Patient?gender=male")).toEqual(["b"]);
    expect(await find("Patient?_id=a")).toEqual([]);
    expect(await find("Patient")).toEqual(["b"]);
    expect((await search("Patient?_count=0")).total).toBe(1);
  });

  it("finds what a resource says now, and no longer what it said", async () => {
    await using database = await open();
    const { save, find, remove } = await searchForTests(database);
    await save({ resourceType: "Patient", id: "a", name: [{ family: "Old" }], birthDate: "1990-01-01" });
    await save({ resourceType: "Patient", id: "a", name: [{ family: "New" }] });

    expect(await find("Patient?family=old")).toEqual([]);
    expect(await find("Patient?birthdate=1990")).toEqual([]);
    expect(await find("Patient?family=new")).toEqual(["a"]);

    await remove("Patient/a");
    await save({ resourceType: "Patient", id: "a", name: [{ family: "Again" }] });

    expect(await find("Patient?family=new")).toEqual([]);
    expect(await find("Patient?family=again")).toEqual(["a"]);
  });

  it("finds values far longer than the index keeps, by their whole or by their beginning", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    const long = "x".repeat(1_500);
    await save(
      { resourceType: "Patient", id: "a", identifier: [{ value: `${long}a` }], name: [{ family: `${long}a` }] },
      { resourceType: "Patient", id: "b", identifier: [{ value: `${long}b` }], name: [{ family: `${long}b` }] },
    );

    expect(await find(`Patient?identifier=${long}a`)).toEqual(["a"]);
    expect(await find(`Patient?family:exact=${long}b`)).toEqual(["b"]);
    expect(await find(`Patient?family=${long}`)).toEqual(["a", "b"]);
  });
});
