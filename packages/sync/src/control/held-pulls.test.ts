import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { counting, cutting, enrol, openNodeForTests, synchronizerOf } from "../../testing/index.ts";
import type { TypeFilter } from "./type-filter.ts";

const live = new AbortController().signal;
const anObservation = (id: string, status = "final") => ({
  resourceType: "Observation",
  id,
  status,
  code: { text: "weight" },
});

async function openLink(open: () => Promise<Database>) {
  const [above, below] = [await open(), await open()];
  const [parent, child] = await Promise.all([openNodeForTests(above, "centre"), openNodeForTests(below, "north")]);
  await enrol(child, parent);
  return {
    parent,
    child,
    async pull(pull: TypeFilter = {}, line = parent.answer) {
      await using synchronizer = synchronizerOf(child, line, { types: { pull } });
      return synchronizer.pullOnce(live);
    },
    async [Symbol.asyncDispose]() {
      await above.close();
      await below.close();
    },
  };
}

describeOnEachDatabase("a type that is not pulled", (open) => {
  it("[S75] is held back while the marker moves on, and fetched once it is pulled again", async () => {
    await using link = await openLink(open);
    const { parent, child, pull } = link;
    await parent.save(aPatient("p"), anObservation("o1"), anObservation("o2"));
    await parent.save(anObservation("o1", "amended"));
    await parent.remove("Observation", "o2");
    const line = counting(parent.answer);

    const without = await pull({ exclude: ["Observation"] }, line);
    const idle = await pull({ only: ["Patient"] });
    const heldBodies = await child.bodies();
    const again = await pull();

    expect(without).toMatchObject({ status: "complete", applied: 1, heldBack: 1 });
    expect(line.paths).toEqual(["streams/everything/recent", "read"]);
    expect(idle).toMatchObject({ status: "complete", requests: 1, heldBack: 1 });
    expect(Object.keys(heldBodies)).toEqual(["Patient/p"]);
    expect(again).toMatchObject({ status: "complete", applied: 1, heldBack: 0 });
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S75] is taken whole through a line that breaks while it is fetched, and its deletions too", async () => {
    await using link = await openLink(open);
    const { parent, child, pull } = link;
    await parent.save(anObservation("gone"), anObservation("kept"));
    await pull();
    await parent.remove("Observation", "gone");
    await parent.save(anObservation("kept", "amended"), anObservation("new"));
    const held = await pull({ exclude: ["Observation"] });
    const bad = cutting(parent.answer, (_, count) => (count < 3 ? "after" : undefined));

    const broken = await pull({}, bad);
    await pull({}, bad);
    const done = await pull({}, bad);

    expect(held).toMatchObject({ heldBack: 3 });
    expect(broken).toMatchObject({ status: "interrupted", heldBack: 3 });
    expect(done).toMatchObject({ status: "complete", heldBack: 0 });
    expect(await child.bodies()).toEqual(await parent.bodies());
  });
});
