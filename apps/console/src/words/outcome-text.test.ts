import { beforeAll, expect, it } from "vitest";
import { outcomeText } from "./outcome-text.ts";
import { learn } from "./spoken.ts";

beforeAll(() => learn("fr"));

it("tells what an outcome is about, in the user's language", () => {
  expect(outcomeText("en", "push-paused")).toBe("sending paused");
  expect(outcomeText("en", "catchment-lake")).toBe("given the catchment lake");
  expect(outcomeText("fr", "user-created-viewer")).toBe("utilisateur créé : Lecteur");
  expect(outcomeText("en", "token-created-operator")).toBe("API token made: Operator");
  expect(outcomeText("en", "user-language-fr")).toBe("user’s language is now: French");
});

it("leaves an outcome that it has no words for as it is", () => {
  expect(outcomeText("fr", "something-newer")).toBe("something-newer");
});
