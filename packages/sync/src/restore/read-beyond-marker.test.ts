import { aPatient } from "@tributary/fhir/testing";
import { describe, expect, it } from "vitest";
import { enrol, moveAll, openRestorableNode, type RestorableNode, synchronizerOf } from "../../testing/index.ts";
import type { Exchange } from "../exchange.ts";

const live = new AbortController().signal;
const gone: Exchange = async () => {
  throw new Error("no line");
};

/** A line on which the parent edits `p` again while its content is asked for, and which is gone once that has come. */
function editedWhileRead({ node }: RestorableNode): Exchange {
  let isRead = false;
  return async (request, signal) => {
    if (isRead) return gone(request, signal);
    if (request.url.pathname.endsWith("/read")) {
      isRead = true;
      await node.save(aPatient("p", { gender: "other" }));
      await moveAll(node.database);
    }
    return node.answer(request, signal);
  };
}

async function pull(child: RestorableNode, line: Exchange) {
  await using synchronizer = synchronizerOf(child.node, line);
  return synchronizer.pullOnce(live);
}

describe.each(["sqlite", "postgres"] as const)("a record that was read ahead of the stream (%s)", (dialect) => {
  it.each([
    ["has written nothing since", async () => {}],
    ["has written something else since", async (parent: RestorableNode) => parent.node.save(aPatient("other"))],
  ])("[S202] is sent to a parent that was restored to before it, and %s", async (_, since) => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await parent.node.save(aPatient("p"));
    await moveAll(parent.node.database);
    await pull(child, parent.answer);
    await parent.node.save(aPatient("p", { gender: "female" }));
    await moveAll(parent.node.database);
    await parent.backUp();
    await pull(child, editedWhileRead(parent));
    const read = (await child.node.bodies())["Patient/p"];

    await parent.restore();
    await since(parent);
    await moveAll(parent.node.database);
    const pulled = await pull(child, parent.answer);
    await moveAll(parent.node.database);
    await pull(child, parent.answer);

    expect(read).toContain("other");
    expect(pulled.status).toBe("complete");
    expect((await parent.node.bodies())["Patient/p"]).toContain("other");
    expect(await child.node.bodies()).toEqual(await parent.node.bodies());
  });

  it("[S202] is nothing out of the ordinary once the stream has announced it", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await parent.node.save(aPatient("p"));
    await moveAll(parent.node.database);
    await pull(child, parent.answer);
    await parent.node.save(aPatient("p", { gender: "female" }));
    await moveAll(parent.node.database);
    await pull(child, editedWhileRead(parent));

    const pulled = await pull(child, parent.answer);
    const idle = await pull(child, parent.answer);

    expect(pulled).toMatchObject({ status: "complete", applied: 0 });
    expect(idle).toMatchObject({ status: "complete", requests: 1 });
  });
});
