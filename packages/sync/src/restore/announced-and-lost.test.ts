import { aPatient } from "@tributary/fhir/testing";
import { describe, expect, it } from "vitest";
import { enrol, moveAll, openRestorableNode, type RestorableNode, synchronizerOf } from "../../testing/index.ts";
import { listFailures } from "../failures/list-failures.ts";
import type { Exchange } from "../line/exchange.ts";

const live = new AbortController().signal;

async function pull(child: RestorableNode, line: Exchange) {
  await using synchronizer = synchronizerOf(child.node, line);
  return synchronizer.pullOnce(live);
}

describe.each(["sqlite", "postgres"] as const)("a record that was announced and lost at once (%s)", (dialect) => {
  it("[S226] is not waited for any more, once the parent is known to be restored", async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using child = await openRestorableNode(dialect, "clinic");
    await enrol(child.node, parent.node);
    await parent.node.save(aPatient("kept"));
    await pull(child, parent.answer);
    await parent.backUp();
    await parent.node.save(aPatient("lost"));
    let isRestored = false;

    const before = await pull(child, async (request, signal) => {
      if (request.url.pathname.endsWith("/read") && !isRestored) {
        isRestored = true;
        await parent.restore();
      }
      return parent.answer(request, signal);
    });
    const waiting = await listFailures(child.node.database, { limit: 5 });
    await parent.node.save(aPatient("new"));
    await moveAll(parent.node.database);
    for (let round = 1; round <= 2; round++) await pull(child, parent.answer);

    expect(before.status).toBe("partial");
    expect(waiting).toMatchObject([{ failureId: "pull:Patient/lost", reason: "missing-at-parent" }]);
    expect(await listFailures(child.node.database, { limit: 5 })).toEqual([]);
    expect(Object.keys(await child.node.bodies())).toEqual(["Patient/kept", "Patient/new"]);
  });
});
