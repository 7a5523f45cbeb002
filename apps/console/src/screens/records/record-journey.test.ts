import type { AuditEntry, TimelineAnswer } from "@tributary/admin-api";
import { expect, it } from "vitest";
import { journeyOf } from "./record-journey.ts";

type Entry = TimelineAnswer["entries"][number];

const aStep = (told: Partial<AuditEntry>): AuditEntry => ({
  entryId: 1,
  node: "clinic",
  at: 2_000,
  actor: "nurse",
  operation: "local-write",
  reference: "Patient/p1",
  versionBefore: null,
  versionAfter: 1,
  link: null,
  operationId: null,
  outcome: "applied",
  error: null,
  position: null,
  chainHash: null,
  ...told,
});

const aTimeline = (entry: Partial<Entry>, holders: readonly string[] = []): TimelineAnswer => ({
  key: { type: "Patient", id: "p1" },
  isCut: false,
  others: [],
  whereabouts: holders.map((node) => ({ node, state: "has-it", at: 3_000, version: 1, by: "pull", error: null })),
  entries: [
    {
      version: 1,
      at: 1_000,
      operation: "create",
      originNode: "clinic",
      author: "nurse",
      cameBy: "local-write",
      link: null,
      changes: [],
      trail: [],
      elsewhere: [],
      ...entry,
    },
  ],
});

const statesOf = (timeline: TimelineAnswer, tiers: Parameters<typeof journeyOf>[1]["tiers"]) =>
  journeyOf(timeline, { tiers }).map(({ kind, state }) => `${kind}: ${state}`);

it("an edit that the parent has not seen is queued", () => {
  expect(statesOf(aTimeline({}), [{ node: "centre", has: false }])).toEqual([
    "written: done",
    "queued: current",
    "sent: ahead",
    "verdict: ahead",
  ]);
});

it("a verdict that took it ends its way up, and the nodes that told of it have it", () => {
  const sent = aStep({ operation: "push", link: "centre", versionBefore: 1, outcome: "merged" });
  const timeline = aTimeline({ trail: [aStep({}), sent] }, ["centre", "clinic-2"]);

  expect(statesOf(timeline, [{ node: "centre", has: true }])).toEqual([
    "written: done",
    "queued: done",
    "sent: done",
    "verdict: done",
    "delivered: done",
  ]);
  expect(journeyOf(timeline, { tiers: [{ node: "centre", has: true }] }).slice(2)).toMatchObject([
    { node: "centre", at: 2_000 },
    { outcome: "merged" },
    { nodes: ["clinic-2"] },
  ]);
});

it("a verdict that refused it is shown as the place where it stands still", () => {
  const parked = aStep({ operation: "push", link: "centre", versionBefore: 1, outcome: "parked" });

  expect(statesOf(aTimeline({ trail: [parked] }), [{ node: "centre", has: false }])).toContain("verdict: failed");
});

it("what came from the parent has no way up", () => {
  const timeline = aTimeline({ originNode: "centre", cameBy: "pull", link: "centre" }, ["centre"]);

  expect(statesOf(timeline, [{ node: "centre", has: true }])).toEqual(["written: done", "came: done"]);
});

it("a node without a parent delivers to its children", () => {
  const timeline = aTimeline({ cameBy: "push", link: "clinic" }, ["clinic", "clinic-2", "clinic-3"]);

  expect(journeyOf(timeline, { tiers: [] })).toMatchObject([
    { kind: "written", node: "clinic" },
    { kind: "came", node: "clinic", by: "push" },
    { kind: "delivered", state: "done", nodes: ["clinic-2", "clinic-3"] },
  ]);
  expect(journeyOf(aTimeline({ originNode: "centre" }), { tiers: [] })).toMatchObject([
    { kind: "written" },
    { kind: "delivered", state: "current", nodes: [] },
  ]);
});
