import { describe, expect, it } from "vitest";
import { parseExpression, UnsupportedExpressionError } from "./parse-expression.ts";
import { pathText } from "./path.ts";

describe("the expression of a search parameter", () => {
  it.each([
    ["Patient.name.family", ["Patient.name.family"]],
    ["AllergyIntolerance.code | (Condition.code)", ["AllergyIntolerance.code", "Condition.code"]],
    ["(Observation.value as Quantity)", ["Observation.value.ofType(Quantity)"]],
    ["Observation.value.as(Quantity)", ["Observation.value.ofType(Quantity)"]],
    ["(Observation.value.ofType(CodeableConcept)).text", ["Observation.value.ofType(CodeableConcept).text"]],
    ["Account.subject.where(resolve() is Patient)", ["Account.subject.where(resolve() is Patient)"]],
    ["Patient.telecom.where(system = 'phone')", ['Patient.telecom.where(system="phone")']],
    ["Bundle.entry[0].resource", ["Bundle.entry.item(0).resource"]],
    ["Patient.deceased.exists() and Patient.deceased != false", ["Patient.deceased.holds()"]],
    ["Patient.extension('http://x.example/y').value", ["Patient.extension('http://x.example/y').value"]],
    ["Resource.meta.tag", ["Resource.meta.tag"]],
    ["name | alias", ["Resource.name", "Resource.alias"]],
  ])("%s leads along its paths", (expression, paths) => {
    expect(parseExpression(expression).map(pathText)).toEqual(paths);
  });

  it.each([
    "Patient.name.first()",
    "Patient.name +",
    "Patient.a and Patient.b",
    "Patient.where(a > 1)",
    "(Patient.name",
    "",
  ])("%s is more than is supported", (expression) => {
    expect(() => parseExpression(expression)).toThrow(UnsupportedExpressionError);
  });
});
