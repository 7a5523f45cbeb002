import type { ResourceSaved } from "@tributary/fhir";
import { expect, it } from "vitest";
import { deletedDraft, savedDraft } from "./announce-resources.ts";

const saved: ResourceSaved = {
  key: { type: "Observation", id: "o1" },
  version: 3,
  operation: "update",
  resource: { resourceType: "Observation", status: "final", code: {} },
  bodyHash: "abc",
  originNode: "clinic-1",
  originOperation: "tx-7",
  patient: "p1",
  formerPatient: null,
};

it("announces a record under its lower-case type, in the order of its patient, on the stream of everything", () => {
  expect(savedDraft(saved, {}, ["everything"])).toEqual({
    eventType: "resource.saved",
    operation: "update",
    bodyHash: "abc",
    category: "observation",
    title: "Observation",
    content: "/fhir/Observation/o1",
    orderKey: "Patient/p1",
    streams: ["everything"],
    entity: { type: "Observation", id: "o1" },
    version: 3,
    originNode: "clinic-1",
    originOperation: "tx-7",
  });
});

it("orders a record without a patient by itself", () => {
  expect(savedDraft({ ...saved, patient: null }, {}, []).orderKey).toBe("Observation/o1");
});

it("fills in the configured category, title and content", () => {
  const categories = {
    Observation: { category: "lab", title: "Result", content: "/results/{id}?v={version}&{other}" },
  };

  expect(savedDraft(saved, categories, [])).toMatchObject({
    category: "lab",
    title: "Result",
    content: "/results/o1?v=3&{other}",
  });
});

it("announces a deletion as one", () => {
  const { key, version, originNode, patient } = saved;

  expect(deletedDraft({ key, version, originNode, originOperation: null, patient }, {}, [])).toMatchObject({
    eventType: "resource.deleted",
    operation: "delete",
    version: 3,
  });
});
