import { aPatient } from "@tributary/fhir/testing";
import { describe, expect, it } from "vitest";
import {
  enrol,
  moveAll,
  openRestorableNode,
  type RestorableNode,
  roundOf,
  synchronizerOf,
} from "../../testing/index.ts";

const live = new AbortController().signal;
const edited = { gender: "female" };

/** A parent with two children, all of which have the same patients. */
async function openSiblings(dialect: "sqlite" | "postgres") {
  const stack = new AsyncDisposableStack();
  const [parent, north, south] = [
    stack.use(await openRestorableNode(dialect, "centre")),
    stack.use(await openRestorableNode(dialect, "north")),
    stack.use(await openRestorableNode(dialect, "south")),
  ];
  for (const child of [north, south]) await enrol(child.node, parent.node);
  await parent.node.save(aPatient("a"), aPatient("b"), aPatient("c"));
  for (const child of [north, south]) await roundOf(child.node, parent.node);
  return { parent, north, south, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function push(child: RestorableNode, parent: RestorableNode): Promise<void> {
  await using synchronizer = synchronizerOf(child.node, parent.answer);
  await synchronizer.pushOnce(live);
  await moveAll(parent.node.database);
}

async function rounds(child: RestorableNode, parent: RestorableNode): Promise<void> {
  for (let n = 0; n < 4; n++) await roundOf(child.node, parent.node);
}

describe.each(["sqlite", "postgres"] as const)("a restored parent that is told the same again (%s)", (dialect) => {
  it.each([
    ["a", "b"],
    ["b", "a"],
  ])("[S151] is noticed where the same change comes to the same place again, behind %s and %s", async (...names) => {
    await using siblings = await openSiblings(dialect);
    const { parent, north, south } = siblings;
    await parent.backUp();
    for (const name of names) {
      await north.node.save(aPatient(name, edited));
      await roundOf(north.node, parent.node);
    }
    await roundOf(south.node, parent.node);

    await parent.restore();
    await parent.node.save(aPatient("c", { gender: "male" }));
    await rounds(north, parent);
    await rounds(south, parent);

    expect((await south.node.bodies())["Patient/c"]).toContain("male");
    expect(await south.node.bodies()).toEqual(await parent.node.bodies());
  });

  it("[S151] is sent what it has lost, also by who had read that and nothing else but what is there again", async () => {
    await using siblings = await openSiblings(dialect);
    const { parent, north, south } = siblings;
    await parent.backUp();
    await parent.node.save(aPatient("a", edited));
    await north.node.save(aPatient("b", edited));
    await push(north, parent);
    await roundOf(south.node, parent.node);

    await parent.restore();
    await parent.node.save(aPatient("c", { gender: "male" }));
    await rounds(north, parent);
    await rounds(south, parent);

    expect((await parent.node.bodies())["Patient/a"]).toContain("female");
    expect(await south.node.bodies()).toEqual(await parent.node.bodies());
  });
});
