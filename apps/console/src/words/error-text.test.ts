import { beforeAll, expect, it } from "vitest";
import { errorText } from "./error-text.ts";
import { learn } from "./spoken.ts";

beforeAll(() => learn("fr"));

it("says the reason of a failure, an outcome and a code in the reader's language", () => {
  expect(errorText("en", "refused-by-parent")).toBe("Refused by the parent");
  expect(errorText("fr", "refused-by-parent")).toBe("Refusé par le parent");
  expect(errorText("fr", "outside-catchment")).toBe("hors du bassin");
  expect(errorText("fr", "NOT_ENROLLED")).toBe("Ce nœud n’a pas encore de parent. (NOT_ENROLLED)");
});

it("leaves what somebody typed, and a code that is not known, as it is", () => {
  expect(errorText("fr", "the line is dear")).toBe("the line is dear");
  expect(errorText("fr", "SOMETHING_NEWER")).toBe("SOMETHING_NEWER");
  expect(errorText("en", "NOT_ENROLLED")).toBe("NOT_ENROLLED");
});
