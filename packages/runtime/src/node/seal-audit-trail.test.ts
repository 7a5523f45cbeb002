import { appendAudit, auditDraft } from "@tributary/audit";
import { sql } from "@tributary/database";
import { openTestDatabase } from "@tributary/database/testing";
import { type Clock, type NodeId, silentLogger, systemRandom } from "@tributary/kernel";
import { expect, it } from "vitest";
import { migrateNode } from "./node-timeline.ts";
import { sealAuditTrail } from "./seal-audit-trail.ts";

const countUnsealed = sql("select count(*) as n from audit_entries where position is null");
const node = "centre" as NodeId;

/** A clock that goes on by `stepMs` with each look at it; no sleep takes any time. It tells when one is a wait for new work. */
function hurriedClock(stepMs: number) {
  const slept: number[] = [];
  const idle = Promise.withResolvers<void>();
  let now = 0;
  const clock: Clock = {
    now: () => (now += stepMs),
    sleep(durationMs, signal) {
      slept.push(durationMs);
      now += durationMs;
      if (durationMs < 1_000) return Promise.resolve();
      idle.resolve();
      return new Promise((resolve) => signal?.addEventListener("abort", () => resolve()));
    },
  };
  return { clock, slept, whenIdle: idle.promise };
}

/** For how long it was slept until so many entries were sealed, on a clock that goes so fast, while others work or do not. */
async function sleepsOf(entries: number, stepMs: number, isBusy: boolean): Promise<number[]> {
  await using database = await openTestDatabase("sqlite");
  await migrateNode(database);
  const draft = auditDraft({ at: 1, actor: "nurse", operation: "configure", reference: null, outcome: "done" });
  const drafts = Array.from({ length: entries }, () => draft);
  await database.transaction((tx) => appendAudit(tx, node, drafts));
  const { clock, slept, whenIdle } = hurriedClock(stepMs);

  let uses = 0;
  const threadUse = () => (isBusy ? { active: 2 * uses, idle: uses++ } : { active: uses++, idle: 2 * uses });

  await using _ = sealAuditTrail({ database, clock, threadUse, random: systemRandom, logger: silentLogger });
  await whenIdle;

  expect(await database.first(countUnsealed)).toEqual({ n: 0 });
  return slept;
}

it("pauses after each slice for as long as it took", async () => {
  expect(await sleepsOf(1_200, 20, false)).toEqual([20, 20, 20, 2_000]);
});

it("pauses once more when others had the thread meanwhile, and goes on all the same", async () => {
  expect(await sleepsOf(700, 20, true)).toEqual([20, 20, 20, 20, 2_000]);
});
