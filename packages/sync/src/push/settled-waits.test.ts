import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { enrol, moveAll, openNodeForTests, synchronizerOf } from "../../testing/index.ts";

const live = new AbortController().signal;

describeOnEachDatabase("a change of the parent that waits for an edit made here", (open) => {
  it("[S11] [S14] is waited for no longer once the verdict on the edit has settled both, though the merge changed nothing there", async () => {
    await using two = await openTwo();
    const [above, below] = two;
    const parent = await openNodeForTests(above, "centre");
    const child = await openNodeForTests(below, "clinic");
    await enrol(child, parent);
    await using synchronizer = synchronizerOf(child, parent.answer);
    await parent.save(aPatient("p", { birthDate: "1980-01-01" }));
    await synchronizer.pullOnce(live);
    await moveAll(below);
    await parent.save(aPatient("p", { birthDate: "1981-01-01" }));
    await child.save(aPatient("p", { birthDate: "1982-01-01" }));

    const waiting = await synchronizer.pullOnce(live);
    await synchronizer.pushOnce(live);
    await moveAll(above);
    const settled = await synchronizer.pullOnce(live);

    expect(waiting).toMatchObject({ status: "partial", waiting: 1 });
    expect(await child.bodies()).toEqual(await parent.bodies());
    expect(settled).toMatchObject({ status: "complete", waiting: 0 });
  });

  async function openTwo() {
    const [above, below] = [await open(), await open()];
    return Object.assign([above, below] as const, {
      async [Symbol.asyncDispose]() {
        await below.close();
        await above.close();
      },
    });
  }
});
