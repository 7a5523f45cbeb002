import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import type { Exchange } from "@tributary/sync";
import { openThreeNodes } from "@tributary/sync/testing";
import { describe, expect, it } from "vitest";
import { round } from "./rounds.ts";
import { sync2Pair } from "./sync2-model.ts";

const encounter = {
  resourceType: "Encounter",
  id: "e",
  status: "finished",
  class: { code: "AMB" },
  subject: { reference: "Patient/p" },
};

describe("Sync 2.0 ends in silence", () => {
  it("when the other side answers a write with 404: the audit says success", () => {
    const { parent, child } = sync2Pair();
    parent.answersWith = 404;
    child.server.save("patient", "p", "v1");

    child.push();

    expect(parent.read("patient", "p")).toBeUndefined();
    expect(child.audit).toEqual([{ operation: "push", key: "patient/p", success: true }]);
  });

  it("when a record fails: the marker moves on and nobody tries again", () => {
    const { parent, child } = sync2Pair();
    parent.needs = (category) => (category === "encounter" ? "patient/p" : undefined);
    child.server.save("encounter", "e", "an encounter of p");
    child.server.save("patient", "p", "v1");

    for (let again = 0; again < 3; again++) child.push();

    expect(parent.read("patient", "p")).toBeDefined();
    expect(parent.read("encounter", "e")).toBeUndefined();
  });
});

describeOnEachDatabase("an ending", (open) => {
  it.each([404, 403, 500, 200])("[SYNC2-3] with an answer %i that is no verdict is no success", async (status) => {
    await using nodes = await openThreeNodes(open);
    const { parent, north } = nodes;
    await north.save(aPatient("p"));
    let isWrong = true;
    const wrong: Exchange = async (request, signal) => {
      if (!isWrong || !request.url.pathname.endsWith("push")) return parent.answer(request, signal);
      const body = Buffer.from(JSON.stringify({ error: "not here" }));
      return { status, headers: { "content-type": "application/json" }, body, wireBytes: body.length };
    };

    const failed = await round(north, parent, wrong);
    const heldMeanwhile = await parent.bodies();
    isWrong = false;
    const healed = await round(north, parent, wrong);

    expect(failed.pushed).toMatchObject({ pushed: 0, queued: 1 });
    expect(failed.pushed.status).not.toBe("complete");
    expect(heldMeanwhile).toEqual({});
    expect(healed.pushed).toMatchObject({ status: "complete", pushed: 1, queued: 0 });
    expect(Object.keys(await parent.bodies())).toEqual(["Patient/p"]);
  });

  it("[SYNC2-6] with a failure is told and tried again until the record is there", async () => {
    await using nodes = await openThreeNodes(open);
    const { parent, north } = nodes;
    await parent.save(aPatient("p"));
    await parent.save(encounter);
    const apply = north.store.apply.bind(north.store);
    let isPoisoned = true;
    north.store.apply = async (tx, incoming) => {
      if (isPoisoned && incoming.some(({ key }) => key.id === "e")) throw new TypeError("cannot index this");
      return apply(tx, incoming);
    };

    const first = await round(north, parent);
    isPoisoned = false;
    await parent.save({ ...encounter, status: "entered-in-error" });
    const second = await round(north, parent);

    expect(first.pulled).toMatchObject({ status: "partial", waiting: 1 });
    expect(second.pulled).toMatchObject({ status: "complete", waiting: 0 });
    expect(await north.bodies()).toEqual(await parent.bodies());
  });

  it("[SYNC2-6] does not depend on the order in which a record and what it refers to were made", async () => {
    await using nodes = await openThreeNodes(open);
    const { parent, north, south } = nodes;
    await north.save(encounter);
    await north.save(aPatient("p"));

    for (let again = 0; again < 2; again++) await round(north, parent);
    const { pulled } = await round(south, parent);

    expect(Object.keys(await parent.bodies())).toEqual(["Encounter/e", "Patient/p"]);
    expect(await south.bodies()).toEqual(await north.bodies());
    expect(pulled.status).toBe("complete");
  });
});
