import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../config/read-config.ts";
import { mergePoliciesOf } from "./merge-policies.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-policies-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function configWith(merge: object) {
  const text = JSON.stringify({ node: { id: "centre", role: "parent" }, merge });
  return parseConfig(text, { where: "tributary.yaml", folder });
}

describe("the merge rules of a node", () => {
  it("[S90] are those of its configuration, then those of its module, then those handed in", async () => {
    await writeFile(
      join(folder, "rules.mjs"),
      'export const policies = [{ type: "Patient", element: "telecom", policy: () => ({ kind: "take", side: "theirs" }) }];',
    );
    const config = await configWith({
      policies: [{ type: "Patient", element: "birthDate", policy: "parent-wins" }],
      strategies: "./rules.mjs",
    });

    const rules = await mergePoliciesOf(config, [{ type: "*", policy: "manual" }]);

    expect(rules).toEqual([
      { type: "Patient", element: "birthDate", policy: "parent-wins" },
      { type: "Patient", element: "telecom", policy: expect.any(Function) },
      { type: "*", policy: "manual" },
    ]);
  });

  it.each([
    [
      { type: "Pateint", policy: "manual" },
      "merge.policies.0.type in tributary.yaml is no FHIR resource type; did you mean Patient?",
    ],
    [
      { type: "Patient", element: "birthdate", policy: "manual" },
      "merge.policies.0.element in tributary.yaml is an element that Patient does not have; did you mean birthDate?",
    ],
    [
      { type: "MedicationRequest", element: "statusReason", policy: "manual" },
      "merge.policies.0.element in tributary.yaml is only ever merged together with status; name that one.",
    ],
    [
      { type: "Patient", policy: "parent-win" },
      "merge.policies.0.policy is a text that cannot be used in tributary.yaml; write one of merge, manual, parent-wins, child-wins, latest-wins.",
    ],
  ])("[S90] are refused when they could never be asked: %j", async (rule, message) => {
    await expect(configWith({ policies: [rule] })).rejects.toThrow(message);
  });

  it.each([
    ["missing.mjs", undefined, "cannot be loaded"],
    ["nothing.mjs", "export const rules = [];", "must export `policies`"],
    ["wrong.mjs", 'export const policies = [{ type: "Patient", policy: "mine" }];', "must export `policies`"],
    [
      "mistyped.mjs",
      'export const policies = [{ type: "Patient", element: "nmae", policy: "manual" }];',
      "did you mean name?",
    ],
  ])("[S90] are refused when the module is none (%s)", async (file, text, message) => {
    if (text !== undefined) await writeFile(join(folder, file), text);
    const config = await configWith({ strategies: file });

    await expect(mergePoliciesOf(config)).rejects.toThrow(message);
  });

  it.each([
    ["contact.telecom", "Patient"],
    ["meta.tag", "*"],
    ["*", "Appointment"],
    ["deceased", "Patient"],
  ])("[S90] may name %s of %s", async (element, type) => {
    const config = await configWith({ policies: [{ type, element, policy: "child-wins" }] });

    expect(await mergePoliciesOf(config)).toHaveLength(1);
  });
});
