import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { cutting, dripping, openPair, synchronizerOf } from "../../testing/index.ts";

const live = new AbortController().signal;
const ward = { resourceType: "Organization", id: "ward", name: "Ward" };
const inWard = { managingOrganization: { reference: "Organization/ward" } };

/** A parent and its clinic, which has the one patient that is there. */
async function openInStep(open: () => Promise<Database>) {
  const stack = new AsyncDisposableStack();
  const { parent, child } = stack.use(await openPair(open, { child: "clinic" }));
  const synchronizer = stack.use(synchronizerOf(child, parent.answer));
  await parent.save(aPatient("p"));
  await synchronizer.pullOnce(live);
  return { parent, child, synchronizer, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describeOnEachDatabase("a body that the parent merged", (open) => {
  it("[S208] is not at the child before what it refers to, and comes with that by the pull", async () => {
    await using link = await openInStep(open);
    const { parent, child, synchronizer } = link;
    await parent.save(ward);
    await parent.save(aPatient("p", inWard));
    await child.save(aPatient("p", { gender: "female" }));

    const pushed = await synchronizer.pushOnce(live);
    const between = await child.bodies();
    const line = dripping(parent.answer, child);
    await using slow = synchronizerOf(child, line);
    const pulled = await slow.pullOnce(live);

    expect(pushed).toMatchObject({ status: "complete", merged: 1, conflicts: 0 });
    expect(between["Patient/p"]).not.toContain("ward");
    expect(line.held.every((names) => !names.includes("Organization/ward") || names.length === 2)).toBe(true);
    expect(pulled).toMatchObject({ status: "complete", waiting: 0 });
    expect(JSON.parse((await child.bodies())["Patient/p"] ?? "{}")).toMatchObject({ gender: "female", ...inWard });
    expect(await child.bodies()).toEqual(await parent.bodies());
    expect(await synchronizer.pushOnce(live)).toMatchObject({ requests: 0 });
  });

  it("[S208] is the base of what is edited before the pull, also when the verdict has to be asked for twice", async () => {
    await using link = await openInStep(open);
    const { parent, child, synchronizer } = link;
    await parent.save(ward);
    await parent.save(aPatient("p", { ...inWard, active: true }));
    await child.save(aPatient("p", { gender: "female" }));
    await using unlucky = synchronizerOf(
      child,
      cutting(parent.answer, () => "after"),
    );
    expect(await unlucky.pushOnce(live)).toMatchObject({ status: "interrupted" });
    await synchronizer.pushOnce(live);

    await child.save(aPatient("p", { gender: "female", birthDate: "1980-01-01" }));
    const pushed = await synchronizer.pushOnce(live);
    await synchronizer.pullOnce(live);

    expect(pushed).toMatchObject({ status: "complete", merged: 1, conflicts: 0 });
    const all = { gender: "female", birthDate: "1980-01-01", active: true, ...inWard };
    expect(JSON.parse((await parent.bodies())["Patient/p"] ?? "{}")).toMatchObject(all);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S208] is left to the pull also when a further edit meanwhile says no more than the parent", async () => {
    await using link = await openInStep(open);
    const { parent, child, synchronizer } = link;
    await parent.save(ward);
    await parent.save(aPatient("p", { ...inWard, active: true }));
    await child.save(aPatient("p", { gender: "female" }));
    let isEdited = false;
    await using edited = synchronizerOf(child, async (request, signal) => {
      const answer = await parent.answer(request, signal);
      if (!isEdited) await child.save(aPatient("p", { gender: "female", active: true }));
      isEdited = true;
      return answer;
    });

    await edited.pushOnce(live);
    const first = await child.bodies();
    await synchronizer.pushOnce(live);
    const second = await child.bodies();
    const pulled = await synchronizer.pullOnce(live);

    for (const between of [first, second]) expect(between["Patient/p"]).not.toContain("ward");
    expect(pulled).toMatchObject({ status: "complete", waiting: 0 });
    const all = { gender: "female", active: true, ...inWard };
    expect(JSON.parse((await child.bodies())["Patient/p"] ?? "{}")).toMatchObject(all);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S208] comes all the same when the parent does not have what it refers to", async () => {
    await using link = await openInStep(open);
    const { parent, child, synchronizer } = link;
    await parent.save(aPatient("p", inWard));
    await child.save(aPatient("p", { gender: "female" }));

    await synchronizer.pushOnce(live);
    const pulled = await synchronizer.pullOnce(live);

    expect(pulled).toMatchObject({ status: "complete", applied: 1, waiting: 0 });
    expect(await child.bodies()).toEqual(await parent.bodies());
  });
});
