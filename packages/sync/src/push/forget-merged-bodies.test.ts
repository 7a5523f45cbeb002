import { appendAudit, auditDraft } from "@tributary/audit";
import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { openNodeForTests } from "../../testing/index.ts";
import { forgetMergedBodies } from "./forget-merged-bodies.ts";

const putVerdict = sql(`
  insert into push_verdicts (operation_id, node, verdict, given_at) values ('north.1:1', 'north', $1, 1)`);
const readVerdict = sql("select verdict from push_verdicts");

describeOnEachDatabase("the verdicts of a node that purges a patient", (open) => {
  it("[S117] keep no body of a merge, however long ago it was", async () => {
    await using database = await open();
    const node = await openNodeForTests(database, "centre");
    const about = { at: 1, actor: "north", reference: "Patient/p", link: "north", outcome: "merged" };
    const merge = auditDraft({ ...about, operation: "merge", operationId: "north.1:1" });
    const edit = auditDraft({ ...about, operation: "local-write" });
    const merged = { type: "Patient", id: "p", version: 2, outcome: "merged", conflicts: 1, body: "{}" };
    await database.transaction(async (tx) => {
      await tx.run(putVerdict, [JSON.stringify({ kind: "taken", records: [merged] })]);
      await appendAudit(tx, node.id, [merge, ...Array.from({ length: 1_000 }, () => edit)]);
    });

    await database.transaction((tx) => forgetMergedBodies(tx, [{ type: "Patient", id: "p" }]));

    const row = await database.first<{ verdict: string }>(readVerdict);
    expect(JSON.parse(row?.verdict ?? "")).toEqual({
      kind: "taken",
      records: [{ type: "Patient", id: "p", version: 2, outcome: "applied", conflicts: 0 }],
    });
  });
});
