import { beforeAll, expect, it } from "vitest";
import { meaningText, nodeText } from "./node-text.ts";
import { learn } from "./spoken.ts";

beforeAll(() => learn("fr"));

const message = "There is already a user amina.";
const told = { key: "user-taken", values: { user: "amina" } };

it("says a sentence of the node's in French by its key, and in English as the node does", () => {
  expect(nodeText("fr", { code: "CONFIG_INVALID", message, told })).toEqual({
    text: "Il y a déjà un utilisateur amina.",
  });
  expect(nodeText("en", { code: "CONFIG_INVALID", message, told })).toEqual({ text: message });
});

it("says the parts of a sentence in French too", () => {
  const values = {
    key: "pull.everySeconds",
    given: { key: "given-number", values: {} },
    place: "the settings",
    expected: { key: "expected-number", values: { least: "0.1", most: "86400" } },
    example: "30",
  };

  expect(nodeText("fr", { code: "CONFIG_INVALID", message, told: { key: "setting-wrong", values } }).text).toBe(
    "pull.everySeconds est un nombre qui ne convient pas ; écrivez un nombre de 0.1 à 86400, par exemple 30.",
  );
});

it("keeps the node's sentence beside what says less than it", () => {
  const diagnostics = "Patient.birthDate must be a date, such as 1984-03-21.";
  const issues = [{ key: "issue-value", values: { place: "Patient.birthDate", diagnostics } }];
  const said = { code: "FAILURE_NOT_EDITED", message: `The record would not be valid: ${diagnostics}` };

  expect(nodeText("fr", { ...said, told: { key: "failure-not-valid", values: { issues } } })).toEqual({
    text: "Le dossier ne serait pas valide. Patient.birthDate a une valeur qui ne convient pas.",
    original: said.message,
  });
});

it("says what a code means for a sentence, or a part of one, that a newer node knows", () => {
  const general = { text: "Une valeur ne convient pas ; rien n’a été changé.", original: message };
  const part = { key: "setting-wrong", values: { key: "a", given: { key: "given-color", values: {} } } };

  expect(nodeText("fr", { code: "CONFIG_INVALID", message })).toEqual(general);
  expect(nodeText("fr", { code: "CONFIG_INVALID", message, told: { key: "newer", values: {} } })).toEqual(general);
  expect(nodeText("fr", { code: "CONFIG_INVALID", message, told: part })).toEqual(general);
});

it("leaves what has no word in French as the node says it", () => {
  expect(nodeText("fr", { code: "SOMETHING_NEWER", message })).toEqual({ text: message });
  expect(meaningText("fr", "newer.setting", "What it is for.")).toBe("What it is for.");
});
