import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { enrol, openNodeForTests, synchronizerOf } from "../../../testing/index.ts";
import type { Exchange } from "../../line/exchange.ts";
import { type OwnChange, recordsOf } from "./gather-units.ts";
import { queueAgain, queueOwnChanges } from "./queue-own-changes.ts";
import { readFailedUnits, readQueuedUnits } from "./read-units.ts";
import { keepFailedUnit } from "./unit-state.ts";

describeOnEachDatabase("the queue of a push", (open) => {
  it("[S37] sends nothing that another process has gathered anew under another name meanwhile", async () => {
    await using above = await open();
    await using below = await open();
    const [parent, child] = await Promise.all([openNodeForTests(above, "centre"), openNodeForTests(below, "north")]);
    await enrol(child, parent);
    await child.save(aPatient("p", { gender: "male" }));
    const snapshot = below.snapshot.bind(below);
    let isFirst = true;
    below.snapshot = async (read) => {
      const packed = await snapshot(read);
      if (isFirst) {
        isFirst = false;
        await child.save(aPatient("p", { gender: "female" }));
        await queueOwnChanges(below, "centre", "north", () => "never");
      }
      return packed;
    };
    const sent: string[] = [];
    const line: Exchange = (request, signal) => {
      sent.push(/:\d+"/.exec(request.body ?? "")?.[0] ?? "");
      return parent.answer(request, signal);
    };
    await using synchronizer = synchronizerOf(child, line);

    const report = await synchronizer.pushOnce(new AbortController().signal);

    expect(sent).toEqual([':2"']);
    expect(report).toMatchObject({ status: "complete", pushed: 1 });
    expect(await parent.bodies()).toEqual(await child.bodies());
  });

  it("[S247] leaves a refused unit refused that is too large to become one with the edit of its record", async () => {
    await using opened = await open();
    const { database } = await openNodeForTests(opened, "north");
    const changes = (transaction: string, version: number, ids: readonly string[]): OwnChange[] =>
      ids.map((id) => ({ type: "Basic", id, version, transaction }));
    const many = (name: string) => Array.from({ length: 6_000 }, (_, at) => `${name}${at}`);
    const queue = (more: readonly OwnChange[]) =>
      database.transaction((tx) => queueAgain(tx, "centre", "north", more, () => "life"));
    const refuse = (counter: number) =>
      database.transaction((tx) =>
        keepFailedUnit(tx, "centre", counter, { class: "invalid", reason: "it is", now: 1 }),
      );
    await queue(changes("t1", 1, ["shared", ...many("large")]));
    await queue(changes("t2", 1, ["small"]));
    const [large, small] = await readQueuedUnits(database, "centre", 9);
    await refuse(large!.counter);
    await refuse(small!.counter);

    await queue(changes("t3", 2, ["shared", "small", ...many("other")]));

    const [edit, ...others] = await readQueuedUnits(database, "centre", 9);
    expect(recordsOf(edit!.changes)).toHaveLength(6_002);
    expect(edit!.history?.firstCounter).toBe(small!.counter);
    expect(others).toEqual([]);
    expect((await readFailedUnits(database, "centre", 0, 9)).map(({ counter }) => counter)).toEqual([large!.counter]);
  });
});
