import { aPatient } from "@tributary/fhir/testing";
import { describe, expect, it } from "vitest";
import { enrol, openRestorableNode, type RestorableNode, roundOf, synchronizerOf } from "../../testing/index.ts";
import { listOpenConflicts } from "../conflict/conflicts.ts";

const live = new AbortController().signal;

/** A parent, backed up, and two children in step with it. */
async function openNetwork(dialect: "sqlite" | "postgres") {
  const stack = new AsyncDisposableStack();
  const parent = stack.use(await openRestorableNode(dialect, "centre"));
  const one = stack.use(await openRestorableNode(dialect, "north"));
  const other = stack.use(await openRestorableNode(dialect, "south"));
  await enrol(one.node, parent.node);
  await enrol(other.node, parent.node);
  const sync = (child: RestorableNode) => roundOf(child.node, parent.node);
  await parent.node.save(aPatient("first"));
  for (const child of [one, other]) await sync(child);
  await parent.backUp();
  return { parent, one, other, sync, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** In it `p` was registered at one child, deleted there, and forgotten by the parent with its deletion. */
async function withLostDeletion(dialect: "sqlite" | "postgres", isAcknowledged: boolean) {
  const network = await openNetwork(dialect);
  const { parent, one, other, sync } = network;
  await one.node.save(aPatient("p"));
  for (const child of [one, other]) await sync(child);
  await one.node.remove("Patient", "p");
  if (isAcknowledged) await sync(one);
  await parent.restore();
  return network;
}

describe.each(["sqlite", "postgres"] as const)("a deletion that a restored parent has lost (%s)", (dialect) => {
  for (const isAcknowledged of [true, false]) {
    const what = isAcknowledged ? "that it had taken" : "that it had not heard of";

    it(`[S213] ${what} stands against others who still have the record, whoever tells first`, async () => {
      for (const isFirst of [true, false]) {
        await using network = await withLostDeletion(dialect, isAcknowledged);
        const { parent, one, other, sync } = network;

        for (const child of isFirst ? [one, other, one] : [other, one, other]) await sync(child);

        for (const { node } of [parent, one, other])
          expect(Object.keys(await node.bodies())).toEqual(["Patient/first"]);
        expect(await listOpenConflicts(parent.node.database, 5)).toEqual([]);
        const history = await parent.node.store.history(parent.node.database, {
          of: { type: "Patient", id: "p" },
          limit: 5,
        });
        expect(history.map(({ stored: { operation } }) => operation)).toEqual(["delete", "create"]);
        expect(history[0]?.stored.originNode).toBe("north");
      }
    });
  }

  it("[S213] stands when it was told before the child could notice that the parent was restored", async () => {
    await using network = await openNetwork(dialect);
    const { parent, one, other, sync } = network;
    await parent.node.save(aPatient("p"));
    for (const child of [one, other]) await sync(child);
    await parent.restore();
    await one.node.remove("Patient", "p");
    await using synchronizer = synchronizerOf(one.node, parent.answer);

    const pushed = await synchronizer.pushOnce(live);
    for (const child of [other, one, other]) await sync(child);

    expect(pushed).toMatchObject({ status: "complete", pushed: 1 });
    for (const { node } of [parent, one, other]) expect(Object.keys(await node.bodies())).toEqual(["Patient/first"]);
    expect(await listOpenConflicts(parent.node.database, 5)).toEqual([]);
  });

  it("[S213] meets an edit that somebody made without having seen it, as at any other time", async () => {
    await using network = await withLostDeletion(dialect, true);
    const { parent, one, other, sync } = network;
    await other.node.save(aPatient("p", { gender: "other" }));

    for (const child of [one, other, one]) await sync(child);

    expect((await parent.node.bodies())["Patient/p"]).toContain("other");
    expect(await one.node.bodies()).toEqual(await parent.node.bodies());
    expect(await listOpenConflicts(parent.node.database, 5)).toMatchObject([
      { element: { path: "Patient", because: "edit-and-removal" } },
    ]);
  });
});
