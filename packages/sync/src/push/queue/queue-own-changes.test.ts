import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { enrol, openNodeForTests, synchronizerOf } from "../../../testing/index.ts";
import type { Exchange } from "../../line/exchange.ts";
import { queueOwnChanges } from "./queue-own-changes.ts";

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
});
