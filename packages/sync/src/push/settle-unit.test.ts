import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { cutting, enrol, moveAll, openNodeForTests, synchronizerOf } from "../../testing/index.ts";

const live = new AbortController().signal;
const readPushed = sql(`
  select operation, version_before, version_after from audit_entries
  where reference = 'Patient/p' and operation = 'push' order by entry_id`);
const readBase = sql("select local_version, remote_version from link_bases where type = 'Patient' and id = 'p'");

describeOnEachDatabase("a verdict that was held up on its way", (open) => {
  it("[S71] is not entered as the making of the version that a pull has brought both ends in step at meanwhile", async () => {
    await using stack = new AsyncDisposableStack();
    const parent = await openNodeForTests(stack.use(await open()), "centre");
    const child = await openNodeForTests(stack.use(await open()), "north");
    await enrol(child, parent);
    await using broken = synchronizerOf(
      child,
      cutting(parent.answer, () => "after"),
    );
    await using synchronizer = synchronizerOf(child, parent.answer);
    await child.save(aPatient("p", { gender: "female" }));
    await broken.pushOnce(live);
    const edited = aPatient("p", { gender: "other" });
    await child.save(edited);
    await parent.save(edited);
    await synchronizer.pullOnce(live);

    const pushed = await synchronizer.pushOnce(live);
    await moveAll(child.database);

    expect(pushed.status).toBe("complete");
    expect(await child.bodies()).toEqual(await parent.bodies());
    const [first] = await child.database.all<{ version_before: number; version_after: number }>(readPushed);
    expect(first).toMatchObject({ version_before: 1, version_after: 1 });
  });

  it("[S229] does not put the base back behind the version that both ends have agreed on meanwhile", async () => {
    await using stack = new AsyncDisposableStack();
    const parent = await openNodeForTests(stack.use(await open()), "centre");
    const child = await openNodeForTests(stack.use(await open()), "north");
    await enrol(child, parent);
    await using unheard = synchronizerOf(
      child,
      cutting(parent.answer, () => "after"),
    );
    await using synchronizer = synchronizerOf(child, parent.answer);
    await using breakingOff = synchronizerOf(
      child,
      cutting(parent.answer, (_, count) => (count === 2 ? "before" : undefined)),
    );
    await child.save(aPatient("p", { gender: "female" }));
    await unheard.pushOnce(live);
    const edited = aPatient("p", { gender: "other" });
    await child.save(edited);
    await parent.save(edited);
    await synchronizer.pullOnce(live);
    const agreed = await child.database.all(readBase);

    await breakingOff.pushOnce(live);

    expect(agreed).toMatchObject([{ local_version: 2, remote_version: 2 }]);
    expect(await child.database.all(readBase)).toEqual(agreed);
  });
});
