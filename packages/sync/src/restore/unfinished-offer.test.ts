import { aPatient } from "@tributary/fhir/testing";
import { describe, expect, it } from "vitest";
import {
  counting,
  cutting,
  enrol,
  moveAll,
  openRestorableNode,
  type RestorableNode,
  synchronizerOf,
} from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";

const live = new AbortController().signal;
const weights = Array.from({ length: 40 }, (_, at) => ({
  resourceType: "Observation",
  id: `weight-${at}`,
  status: "final",
  code: { text: "Weight" },
  subject: { reference: "Patient/p" },
}));

async function pull(child: RestorableNode, line: Exchange) {
  await using synchronizer = synchronizerOf(child.node, line);
  return synchronizer.pullOnce(live);
}

describe.each(["sqlite", "postgres"] as const)("what a restored parent has lost (%s)", (dialect) => {
  it("[S227] is not sent in parts, where the line broke while it was being found out", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await parent.node.save(aPatient("first"));
    await pull(child, parent.answer);
    await parent.backUp();
    await parent.node.save(aPatient("p"), ...weights);
    await moveAll(parent.node.database);
    await pull(child, parent.answer);
    const all = await child.node.bodies();
    await parent.restore();
    await parent.node.save(aPatient("since"));
    await moveAll(parent.node.database);
    let asked = 0;

    const broken = await pull(
      child,
      cutting(parent.answer, ({ url }) => {
        if (url.pathname.endsWith("/kept")) asked += 1;
        return asked === 2 ? "before" : undefined;
      }),
    );
    await using synchronizer = synchronizerOf(child.node, parent.answer);
    const selection = { kind: "references", references: [{ type: "Observation", id: "weight-0" }] } as const;
    const byHand = await synchronizer.syncSelected({ selection, directions: ["push"] }, "nurse", live);
    const sentByHand = Object.keys(await parent.node.bodies());
    const pushed = await synchronizer.pushOnce(live);

    expect(byHand).toMatchObject({ status: "interrupted", error: { code: "EPOCH_CHANGED" } });
    expect(sentByHand).toEqual(["Patient/first", "Patient/since"]);
    expect(asked).toBe(2);
    expect(broken.status).toBe("interrupted");
    expect(pushed).toMatchObject({ status: "complete", parked: 0 });
    expect(await parent.node.bodies()).toMatchObject(all);
  });

  it("[S227] is met before an edit is sent, where the line broke as soon as that was noticed", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await parent.node.save(aPatient("first"));
    await pull(child, parent.answer);
    await parent.backUp();
    await parent.node.save(aPatient("p"), ...weights);
    await moveAll(parent.node.database);
    await pull(child, parent.answer);
    await parent.restore();
    await child.node.save(aPatient("p", { gender: "female" }));
    const edited = await child.node.bodies();

    const broken = await pull(
      child,
      cutting(parent.answer, ({ url }) => (url.pathname.endsWith("/catchment") ? "before" : undefined)),
    );
    const line = counting(parent.answer);
    await using again = synchronizerOf(child.node, line);
    const pushed = await again.pushOnce(live);

    expect(broken.status).toBe("interrupted");
    expect(line.paths.indexOf("push")).toBeGreaterThan(line.paths.indexOf("common-point"));
    expect(pushed.status).toBe("complete");
    expect(await parent.node.bodies()).toEqual(edited);
  });
});
