import { openTestDatabase } from "@tributary/database/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { cutting, moveAll, type NodeForTests } from "../../testing/index.ts";
import { listConflictsOf } from "./conflicts.ts";
import { countQueuedDecisions } from "./decide/decision-queue.ts";
import { born, clash, decide, openTree, round } from "./testing/clashing-tree.ts";
import { undoDecision } from "./undo-decision.ts";

type End = "parent" | "child" | "sibling";
type Step =
  | { readonly kind: "decide"; readonly at: End; readonly take: "parent" | "child" | "current" }
  | { readonly kind: "undo"; readonly at: End; readonly isKeepingValue: boolean }
  | { readonly kind: "edit"; readonly at: End; readonly day: number }
  | {
      readonly kind: "round";
      readonly of: "child" | "sibling";
      readonly cutAt: number;
      readonly side: "before" | "after";
    };

const end = fc.constantFrom<End>("parent", "child", "sibling");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("decide" as const),
    at: end,
    take: fc.constantFrom("parent" as const, "child" as const, "current" as const),
  }),
  fc.record({ kind: fc.constant("undo" as const), at: end, isKeepingValue: fc.boolean() }),
  fc.record({ kind: fc.constant("edit" as const), at: end, day: fc.integer({ min: 1, max: 28 }) }),
  fc.record({
    kind: fc.constant("round" as const),
    of: fc.constantFrom("child" as const, "sibling" as const),
    // A round has few requests: one of the first is cut, or none.
    cutAt: fc.nat(6),
    side: fc.constantFrom("before" as const, "after" as const),
  }),
);

async function undoTheLatest(node: NodeForTests, isKeepingValue: boolean): Promise<void> {
  const { database, store, id: nodeId, clock, random } = node;
  const conflict = (await listConflictsOf(database, "Patient", "p")).findLast(({ state }) => state === "resolved");
  if (!conflict) return;
  const request = { conflictId: conflict.conflictId, reason: "So be it.", author: "doctor", isKeepingValue };
  await database.transaction((tx) => undoDecision(tx, { store, nodeId, clock, random }, request));
  await moveAll(database);
}

/** The rows of the patient, without what each node counts by itself. */
async function rowsAt({ database }: NodeForTests) {
  const rows = await listConflictsOf(database, "Patient", "p");
  return rows
    .map(({ conflictId, state, supersededBy, undone, resolution }) => ({
      conflictId,
      state,
      supersededBy,
      undone,
      resolution: resolution && { ...resolution, version: 0 },
    }))
    .toSorted((one, other) => (one.conflictId < other.conflictId ? -1 : 1));
}

it("[S177] ends alike at all nodes, whatever is decided, taken back and edited where, and whichever lines are cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      await using tree = await openTree(() => openTestDatabase("sqlite"));
      await clash(tree, born("1981-01-01"), born("1982-01-01"));
      await round(tree.sibling, tree.parent);
      for (const one of steps) {
        if (one.kind === "round") {
          const line = cutting(tree.parent.answer, (_, count) => (count === one.cutAt ? one.side : undefined));
          await round(tree[one.of], tree.parent, line);
          continue;
        }
        const node = tree[one.at];
        if (one.kind === "edit") await node.save(born(`1990-01-${String(one.day).padStart(2, "0")}`));
        else if (one.kind === "undo") await undoTheLatest(node, one.isKeepingValue);
        else {
          const open = (await listConflictsOf(node.database, "Patient", "p")).findLast(({ state }) => state === "open");
          if (open) await decide(node, open.conflictId, { take: one.take });
        }
      }
      for (let again = 0; again < 4; again++) {
        await round(tree.child, tree.parent);
        await round(tree.sibling, tree.parent);
      }

      for (const node of [tree.child, tree.sibling]) {
        expect(await countQueuedDecisions(node.database)).toBe(0);
        expect(await rowsAt(node)).toEqual(await rowsAt(tree.parent));
        expect(await node.bodies()).toEqual(await tree.parent.bodies());
      }
    }),
    { numRuns: 15 },
  );
}, 120_000);
