import { aPatient } from "@tributary/fhir/testing";
import { describe, expect, it } from "vitest";
import { counting, enrol, moveAll, openRestorableNode, type RestorableNode } from "../../testing/index.ts";
import { assignOneConflict } from "../conflict/assign-conflict.ts";
import { listConflictsOf } from "../conflict/conflicts.ts";
import { decide, pull, push, round } from "../conflict/testing/clashing-tree.ts";
import type { Exchange } from "../line/exchange.ts";

/** A parent and a child with an open conflict of `p`, which both know. */
async function openContested(dialect: "sqlite" | "postgres") {
  const parent = await openRestorableNode(dialect, "centre");
  const child = await openRestorableNode(dialect, "north");
  await enrol(child.node, parent.node);
  await parent.node.save(aPatient("p", { birthDate: "1980-01-01" }));
  await round(child.node, parent.node);
  await parent.node.save(aPatient("p", { birthDate: "1981-01-01" }));
  await child.node.save(aPatient("p", { birthDate: "1982-01-01" }));
  await round(child.node, parent.node);
  await round(child.node, parent.node);
  const { conflictId } = (await rowsAt(parent))[0]!;
  return {
    parent,
    child,
    conflictId,
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]();
      await parent[Symbol.asyncDispose]();
    },
  };
}

function rowsAt({ node }: RestorableNode) {
  return listConflictsOf(node.database, "Patient", "p");
}

/** The line to a parent that is backed up behind the edit, before it hears of the decision. */
function backedUpBeforeDecisions(parent: RestorableNode): Exchange {
  return async (request, signal) => {
    if (request.url.pathname.endsWith("conflicts/decide")) await parent.backUp();
    return parent.answer(request, signal);
  };
}

async function statesAt(node: RestorableNode) {
  return (await rowsAt(node)).map(({ state }) => state);
}

describe.each(["sqlite", "postgres"] as const)("a decision that a restored parent has forgotten (%s)", (dialect) => {
  it.each([
    ["has written nothing since", async () => {}],
    [
      "has changed the conflict since",
      async ({ node }: RestorableNode, conflictId: string) => {
        const request = { conflictId, assignee: "ward 3", author: "nurse" };
        await node.database.transaction((tx) => assignOneConflict(tx, { nodeId: node.id, ...node }, request));
      },
    ],
  ])("[S202] is open again at both ends, whatever the parent %s", async (_, since) => {
    await using contested = await openContested(dialect);
    const { parent, child, conflictId } = contested;
    await decide(child.node, conflictId, { take: "child" });
    await push(child.node, backedUpBeforeDecisions(parent));
    expect([await statesAt(parent), await statesAt(child)]).toEqual([["resolved"], ["resolved"]]);

    await parent.restore();
    await since(parent, conflictId);
    await round(child.node, parent.node);
    await round(child.node, parent.node);

    expect([await statesAt(parent), await statesAt(child)]).toEqual([["open"], ["open"]]);
    expect((await rowsAt(child))[0]?.assignee).toBe((await rowsAt(parent))[0]?.assignee);
    expect(await child.node.bodies()).toEqual(await parent.node.bodies());
    await decide(child.node, conflictId, { take: "child" });
    await round(child.node, parent.node);
    expect([await statesAt(parent), await statesAt(child)]).toEqual([["resolved"], ["resolved"]]);
  });

  it("[S202] of which the stream has told is nothing out of the ordinary", async () => {
    await using contested = await openContested(dialect);
    const { parent, child, conflictId } = contested;
    await decide(child.node, conflictId, { take: "child" });
    await push(child.node, parent.answer);
    await moveAll(parent.node.database);

    await pull(child.node, parent.answer);
    const line = counting(parent.answer);
    const idle = await pull(child.node, line);

    expect(idle).toMatchObject({ status: "complete", requests: 1 });
    expect([await statesAt(parent), await statesAt(child)]).toEqual([["resolved"], ["resolved"]]);
  });
});
