import { expect, it } from "vitest";
import { parseElementPath } from "./element-path.ts";

it.each([
  ["Patient", []],
  ["Patient.birthDate", [{ name: "birthDate" }]],
  ["Patient.meta.tag[#9ae16a3b]", [{ name: "meta" }, { name: "tag", selector: "#9ae16a3b" }]],
  [
    "Patient.contact.where(relationship.text='Mother (a \\'friend\\')').gender",
    [{ name: "contact", selector: "relationship.text='Mother (a \\'friend\\')'" }, { name: "gender" }],
  ],
  [
    "Patient.link.where(other.identifier.where(system='a' and value=')').exists())",
    [{ name: "link", selector: "other.identifier.where(system='a' and value=')').exists()" }],
  ],
])("reads the steps of %s", (path, steps) => {
  expect(parseElementPath(path)).toEqual(steps);
});

it.each(["Patient.", "Patient..x", "Patient.name.where(use='official'", "Patient.photo[#9a"])(
  "takes %s for no path",
  (path) => {
    expect(parseElementPath(path)).toBeUndefined();
  },
);
