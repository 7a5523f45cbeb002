import { expect, it } from "vitest";
import { type RuleWords, ruleAsText } from "./rule-as-text.ts";

const words: RuleWords = {
  all: "all of",
  any: "one of",
  not: "not",
  everything: "everybody",
  address: "lives at {address}",
  within: "seen within {places}",
  cohort: "member of {group}",
  careTeam: "cared for by {member}",
  identifier: "number {value}",
  identifierOf: "number {value} of {system}",
  search: "found by {search}",
  list: "listed: {patients}",
  registeredAt: "registered at {nodes}",
  other: "{name} {given}",
};

it.each([
  [{ location: { address: "Kenya%*%*%Kisumu" } }, "lives at Kenya › … › Kisumu"],
  [{ location: { within: ["Location/ward"] } }, "seen within Location/ward"],
  [{ cohort: "Group/tb" }, "member of Group/tb"],
  [{ "care-team": "Practitioner/nurse" }, "cared for by Practitioner/nurse"],
  [{ identifier: { value: "KE-*" } }, "number KE-*"],
  [{ identifier: { system: "urn:id", value: "KE-*" } }, "number KE-* of urn:id"],
  [{ search: "gender=female" }, "found by gender=female"],
  [{ list: ["a", "b", "c", "d", "e", "f"] }, "listed: a, b, c, d, e … (6)"],
  [{ "registered-at": ["clinic-1"] }, "registered at clinic-1"],
  [{ everything: true }, "everybody"],
  [{ mine: { x: 1 } }, 'mine {"x":1}'],
  ["no rule", '"no rule"'],
])("a rule is read out: %j", (rule, sentence) => {
  expect(ruleAsText(rule, words)).toEqual({ sentence, parts: [] });
});

it("a rule that combines others has them as its parts", () => {
  const rule = { any: [{ cohort: "Group/tb" }, { not: { list: ["p-17"] } }] };

  expect(ruleAsText(rule, words)).toEqual({
    sentence: "one of",
    parts: [
      { sentence: "member of Group/tb", parts: [] },
      { sentence: "not", parts: [{ sentence: "listed: p-17", parts: [] }] },
    ],
  });
});
