import { expect, it } from "vitest";
import { type AlertSigns, findAlerts } from "./alert-rules.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const now = 1_000 * dayMs;
const limits = {
  silentMinutes: 60,
  outboxMinutes: 240,
  failures: 20,
  conflictDays: 7,
  clockSeconds: 120,
  diskFreePercent: 10,
};
const calm: AlertSigns = {
  now,
  node: "clinic",
  children: [],
  parent: { node: "centre", heardAt: now, clockOffsetMs: 0 },
  oldestUnsentAt: null,
  failures: 0,
  failuresBefore: null,
  oldestConflictAt: null,
  diskFreePercent: 50,
};
const well = { clockOffsetMs: 0, unsentSince: null } as const;
const child = { node: "post", state: "silent", lastSeenAt: now - 61 * minuteMs, contestedAt: null, ...well } as const;

it("finds nothing when nothing is wrong, and nothing at the very limit", () => {
  const edge = {
    ...calm,
    parent: { node: "centre", heardAt: now - 60 * minuteMs, clockOffsetMs: 120_000 },
    oldestUnsentAt: now - 240 * minuteMs,
    oldestConflictAt: now - 7 * dayMs,
    diskFreePercent: 10,
  };

  expect(findAlerts(calm, limits)).toEqual([]);
  expect(findAlerts(edge, limits)).toEqual([]);
});

it.each<[rule: string, subject: string, severity: string, signs: Partial<AlertSigns>]>([
  ["child-silent", "post", "warning", { children: [child] }],
  ["child-silent", "post", "critical", { children: [{ ...child, lastSeenAt: now - dayMs }] }],
  ["clone", "post", "critical", { children: [{ ...child, state: "refused", contestedAt: now }] }],
  [
    "parent-silent",
    "centre",
    "warning",
    { parent: { node: "centre", heardAt: now - 61 * minuteMs, clockOffsetMs: 0 } },
  ],
  ["clock-offset", "clinic", "warning", { parent: { node: "centre", heardAt: now, clockOffsetMs: -121_000 } }],
  ["outbox-age", "clinic", "warning", { oldestUnsentAt: now - 241 * minuteMs }],
  ["clock-offset", "post", "warning", { children: [{ ...child, state: "in-step", clockOffsetMs: 121_000 }] }],
  ["outbox-age", "post", "critical", { children: [{ ...child, state: "in-step", unsentSince: now - dayMs }] }],
  ["failures-growing", "clinic", "warning", { failures: 21, failuresBefore: 20 }],
  ["conflict-age", "clinic", "warning", { oldestConflictAt: now - 8 * dayMs }],
  ["disk-free", "clinic", "warning", { diskFreePercent: 9 }],
  ["disk-free", "clinic", "critical", { diskFreePercent: 4 }],
])("finds %s of %s (%s)", (rule, subject, severity, signs) => {
  expect(findAlerts({ ...calm, ...signs }, limits)).toMatchObject([{ rule, subject, severity }]);
});

it("does not speak of what a silent child told before it fell silent", () => {
  const before = { ...child, clockOffsetMs: 500_000, unsentSince: now - dayMs };

  expect(findAlerts({ ...calm, children: [before] }, limits).map(({ rule }) => rule)).toEqual(["child-silent"]);
});

it("does not speak of failures that are many but do not grow, nor of a disk nobody can see", () => {
  const steady = { ...calm, failures: 500, failuresBefore: 500, diskFreePercent: null };

  expect(findAlerts(steady, limits)).toEqual([]);
});
