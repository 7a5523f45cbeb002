import { expect, it } from "vitest";
import { refusedField } from "./refused-field.ts";

it("finds the field that the node's sentence is about by the key with which it begins", () => {
  expect(refusedField("pull.cron in the settings is a text that cannot be used.")).toEqual({ name: "cron" });
  expect(refusedField("push.types.only.0 in the settings is a number.")).toEqual({ name: "only", at: 0 });
  expect(refusedField("merge.policies.2.element in the settings is …")).toEqual({ name: "element", at: 2 });
  expect(refusedField("The settings were changed since.")).toEqual({});
});
