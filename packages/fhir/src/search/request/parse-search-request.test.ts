import { describe, expect, it } from "vitest";
import { requestOf } from "../../../testing/search-for-tests.ts";
import { FhirRefusal } from "../../model/fhir-refusal.ts";
import { pageSizeDefault, pageSizeMax } from "../../model/limits.ts";
import { alternativesMax, includesMax, parametersMax, sortKeysMax } from "../limits.ts";
import { searchName, searchQuery } from "./parse-search-request.ts";

function refusalOf(text: string, isStrict = false): FhirRefusal {
  try {
    requestOf(text, isStrict);
  } catch (error) {
    if (error instanceof FhirRefusal) return error;
    throw error;
  }
  throw new Error(`${text} was not refused.`);
}

describe("a search that cannot be", () => {
  it.each([
    ["Patient?birthdate=xx2020", /prefix "xx"/],
    ["Patient?birthdate=2020-13", /no date/],
    ["Patient?birthdate=gt", /no date/],
    ["Patient?_lastUpdated=yesterday", /prefix "ye"/],
    ["Observation?value-quantity=tall", /prefix "ta"/],
    ["Observation?value-quantity=5|a|b|c", /cannot be read/],
    ["RiskAssessment?probability=0.5|a|b", /cannot be read/],
    ["Patient?family:below=x", /:below.*:exact, :contains, :missing/],
    ["Patient?gender:exact=male", /:exact/],
    ["Patient?gender:in=http://x", /:in/],
    ["Observation?subject:Nothing=1", /:Nothing/],
    ["Observation?subject:Patient=Group/1", /names the type Patient/],
    ["Observation?subject=Patient 1", /no reference/],
    ["Observation?subject=#contained", /no reference/],
    ["Patient?active:missing=perhaps", /true or false/],
    ["Patient?_id:exact=1", /:exact/],
    ["Patient?_count=-1", /_count/],
    ["Patient?_count=ten", /_count/],
    ["Patient?_total=some", /_total is one of none, estimate, accurate/],
    ["Patient?_summary=short", /_summary is one of/],
    ["Patient?_summary=true&_elements=name", /leave one of them out/],
    ["Patient?_summary=text&_include=Patient:organization", /_summary=text/],
    ["Patient?_include=organization", /Type:parameter/],
    ["Patient?_include=Patient:organization:Nothing", /Nothing/],
    ["Patient?_revinclude=*", /Type:parameter/],
    ["Patient?gender.name=x", /no reference/],
    ["Observation?subject:Nothing.name=x", /no resource type/],
    ["Observation?subject.organization.name=x", /only one is supported/],
    ["Patient?_has:Observation=x", /_has:Type/],
    ["Patient?_has:Observation:patient:_has:x:y:z=1", /only one is supported/],
  ])("%s is refused with 400 and the reason", (text, reason) => {
    const { status, issues } = refusalOf(text);

    expect(status).toBe(400);
    expect(issues[0]?.diagnostics).toMatch(reason);
  });

  it("is refused when it is too large", () => {
    const values = (count: number) => Array.from({ length: count }, (_, index) => index).join(",");
    const times = (count: number, text: string) => Array.from({ length: count }, () => text).join("&");

    expect(refusalOf(`Patient?identifier=${values(alternativesMax + 1)}`).issues[0]?.code).toBe("too-long");
    expect(refusalOf(`Patient?name=${"x".repeat(100_000)}`).issues[0]?.code).toBe("too-long");
    expect(refusalOf(`Patient?name=${"x".repeat(3_000)}`).issues[0]?.code).toBe("too-long");
    expect(refusalOf(`Patient?${times(parametersMax + 1, "name=x")}`).issues[0]?.code).toBe("too-costly");
    expect(refusalOf(`Patient?${times(11, `identifier=${values(500)}`)}`).issues[0]?.code).toBe("too-costly");
    expect(refusalOf(`Provenance?target._id=${values(500)}`).issues[0]?.code).toBe("too-costly");
    expect(refusalOf(`ValueSet?url:above=http://x${"/y".repeat(40)}`).issues[0]?.code).toBe("too-long");
    expect(refusalOf(`Patient?_sort=${"name,".repeat(sortKeysMax + 1)}`).issues[0]?.code).toBe("too-costly");
    expect(refusalOf(`Patient?${times(includesMax + 1, "_include=Patient:organization")}`).issues[0]?.code).toBe(
      "too-costly",
    );
    expect(requestOf(`Patient?identifier=${values(alternativesMax)}`).conditions).toHaveLength(1);
  });
});

describe("what a search does not know", () => {
  it.each([
    ["Patient?shoesize=43", "shoesize", /has no search parameter shoesize/],
    ["Observation?code-value-quantity=a$b", "code-value-quantity", /is not supported/],
    ["Location?near=1|2", "near", /is not supported/],
    ["Patient?_content=x", "_content", /is not supported/],
    ["Patient?_text=x", "_text", /is not supported/],
    ["Patient?_sort=shoesize", "_sort", /cannot be sorted/],
    ["Patient?_include=Patient:shoes", "_include", /no reference parameter shoes/],
    ["Patient?_revinclude=Observation:code", "_revinclude", /no reference parameter code/],
    ["Observation?subject.shoesize=43", "subject.shoesize", /can be searched by shoesize/],
    ["Patient?_has:Observation:code:status=final", "_has:Observation:code:status", /no reference parameter code/],
    ["Patient?name=", "name", /has no value/],
    ["Patient?name=,", "name", /has no value/],
  ])("%s is left out and reported, and refused under strict handling", (text, name, reason) => {
    const request = requestOf(text);

    expect(request.conditions).toEqual([]);
    expect(request.ignored).toEqual([{ name, reason: expect.stringMatching(reason) as string }]);
    expect(request.applied.filter(([, value]) => value !== "")).toEqual([]);
    expect(refusalOf(text, true)).toMatchObject({ status: 400, issues: [{ code: "not-supported" }] });
  });

  it("leaves the rest of the search and of the sort order in place", () => {
    const request = requestOf("Patient?gender=male&shoesize=43&_sort=shoesize,-birthdate");

    expect(request.conditions).toHaveLength(1);
    expect(request.sort).toMatchObject([{ code: "birthdate", isDescending: true }]);
    expect(searchQuery(request)).toBe("gender=male&_sort=-birthdate");
  });
});

describe("a search that can be", () => {
  it("has pages of the default size, and never larger than the largest", () => {
    expect(requestOf("Patient").count).toBe(pageSizeDefault);
    expect(requestOf("Patient?_count=7").count).toBe(7);
    expect(requestOf("Patient?_count=999999").count).toBe(pageSizeMax);
    expect(requestOf("Patient?_summary=count").count).toBe(0);
  });

  it("is named by all that decides its matches, not by the size or form of its pages", () => {
    const name = searchName(requestOf("Patient?gender=male&_count=7&_format=json&_sort=_id"));

    expect(name).toBe("Patient?gender=male&_sort=_id");
  });

  it("takes a plus that was not encoded in a time zone for what it was", () => {
    const [wanted] = requestOf("Encounter?date=2024-03-11T03:30:00+02:00").conditions;

    expect(wanted).toMatchObject({ anyOf: [{ low: Date.parse("2024-03-11T01:30:00Z") }] });
  });
});
