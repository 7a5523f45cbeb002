import { appendAudit, auditDraft } from "@tributary/audit";
import { sql } from "@tributary/database";
import { openTestDatabase } from "@tributary/database/testing";
import { type Clock, type NodeId, silentLogger, systemRandom } from "@tributary/kernel";
import { expect, it } from "vitest";
import { migrateNode } from "./node-timeline.ts";
import { sealAuditTrail } from "./seal-audit-trail.ts";

const countUnsealed = sql("select count(*) as n from audit_entries where position is null");
const node = "centre" as NodeId;

/** A clock on which everything takes 20 ms and no sleep takes any time; it tells when one is a wait for new work. */
function hurriedClock() {
  const slept: number[] = [];
  const idle = Promise.withResolvers<void>();
  let now = 0;
  const clock: Clock = {
    now: () => (now += 20),
    sleep(durationMs, signal) {
      slept.push(durationMs);
      if (durationMs < 1_000) return Promise.resolve();
      idle.resolve();
      return new Promise((resolve) => signal?.addEventListener("abort", () => resolve()));
    },
  };
  return { clock, slept, whenIdle: idle.promise };
}

it("pauses between the rounds in which many entries are sealed, so that everything else is answered meanwhile", async () => {
  await using database = await openTestDatabase("sqlite");
  await migrateNode(database);
  const draft = auditDraft({ at: 1, actor: "nurse", operation: "configure", reference: null, outcome: "done" });
  await database.transaction((tx) =>
    appendAudit(
      tx,
      node,
      Array.from({ length: 2_500 }, () => draft),
    ),
  );
  const { clock, slept, whenIdle } = hurriedClock();

  await using _ = sealAuditTrail({ database, clock, random: systemRandom, logger: silentLogger });
  await whenIdle;

  expect(slept).toEqual([20, 20, 20, 2_000]);
  expect(await database.first(countUnsealed)).toEqual({ n: 0 });
});
