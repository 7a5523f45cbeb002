import { appendAudit, listAudit } from "@tributary/audit";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { cutting, openThreeNodes, synchronizerOf } from "@tributary/sync/testing";
import { expect, it } from "vitest";
import { round } from "./rounds.ts";

const live = new AbortController().signal;

describeOnEachDatabase("a child's audit trail", (open) => {
  it("[SYNC2-8] is taken in by a parent that has nothing of it yet, failures included, and is not audited again", async () => {
    await using nodes = await openThreeNodes(open);
    const { parent, north } = nodes;
    await north.save(aPatient("p"));
    await round(north, parent);
    await north.database.transaction((tx) =>
      appendAudit(tx, north.id, [
        {
          at: 1,
          actor: "nurse",
          operation: "failed-attempt",
          reference: "Patient/p",
          versionBefore: 1,
          versionAfter: null,
          link: "centre",
          operationId: null,
          outcome: "rejected",
          error: "invalid",
        },
      ]),
    );
    const before = await listAudit(parent.database, { node: "north" }, { limit: 100 });
    await using broken = synchronizerOf(
      north,
      cutting(parent.answer, () => "after"),
    );
    await using synchronizer = synchronizerOf(north, parent.answer);

    await broken.shareAuditOnce(live);
    const first = await synchronizer.shareAuditOnce(live);
    const held = await listAudit(parent.database, { node: "north" }, { limit: 100 });
    const ownBefore = await listAudit(parent.database, { node: "centre" }, { limit: 100 });
    await synchronizer.shareAuditOnce(live);

    expect(before.entries).toEqual([]);
    expect(first.error).toBeUndefined();
    expect(held.entries.filter(({ error }) => error === "invalid")).toHaveLength(1);
    expect(held.entries.every(({ node }) => node === "north")).toBe(true);
    expect(await listAudit(parent.database, { node: "north" }, { limit: 100 })).toEqual(held);
    expect(await listAudit(parent.database, { node: "centre" }, { limit: 100 })).toEqual(ownBefore);
  });
});
