import type { AuditEntry, TimelineEntry } from "@tributary/admin-api";
import { expect, it } from "vitest";
import { describeTimeline } from "./timeline-text.ts";

const key = { type: "Patient", id: "p1" };
const aVersion = (version: number, told: Partial<TimelineEntry> = {}): TimelineEntry => ({
  version,
  at: 0,
  operation: "update",
  originNode: "clinic-1",
  author: "nurse",
  cameBy: "local-write",
  link: null,
  changes: [],
  trail: [],
  elsewhere: [],
  ...told,
});

it("tells each version with who made it, how it came, and a line an element", () => {
  const mobile = { system: "phone", value: "3" };
  const entries = [
    aVersion(1, {
      operation: "create",
      changes: [{ path: "Patient.active", before: undefined, after: { active: true } }],
    }),
    aVersion(2, {
      originNode: "centre",
      author: null,
      cameBy: "pull",
      link: "centre",
      changes: [
        { path: "Patient.active", before: { active: true }, after: undefined },
        { path: "Patient.telecom", before: undefined, after: { telecom: [mobile] } },
      ],
    }),
    aVersion(3, { operation: "delete", changes: [{ path: "Patient.id", before: { id: "p1" }, after: undefined }] }),
  ];

  expect(describeTimeline({ key, entries, isCut: false, whereabouts: [], others: [] })).toBe(
    [
      "Patient/p1: 3 versions",
      "",
      "1  1970-01-01T00:00:00.000Z  created by nurse at clinic-1",
      "   Patient.active  true",
      "",
      "2  1970-01-01T00:00:00.000Z  changed at centre (pull, link to centre)",
      "   Patient.active   true > -",
      '   Patient.telecom  {"system":"phone","value":"3"}',
      "",
      "3  1970-01-01T00:00:00.000Z  deleted by nurse at clinic-1",
    ].join("\n"),
  );
});

it("tells where each version went, and where the latest is", () => {
  const entry = {
    entryId: 1,
    node: "clinic-1",
    at: 0,
    actor: "centre",
    operation: "push",
    reference: "Patient/p1",
    versionBefore: 1,
    versionAfter: 1,
    link: "centre",
    operationId: "u",
    outcome: "applied",
    error: null,
    position: null,
    chainHash: null,
  } satisfies AuditEntry;
  const there = { ...entry, node: "ward", operation: "pull", versionAfter: 4, versionBefore: 3 } satisfies AuditEntry;
  const place = { node: "ward", state: "has-it", at: 0, version: 4, by: "pull", error: null } as const;

  const told = describeTimeline({
    key,
    entries: [aVersion(1, { trail: [entry], elsewhere: [there] })],
    isCut: false,
    whereabouts: [place, { ...place, node: "hut", state: "has-another" }],
    others: [{ ...there, versionAfter: 5, outcome: "parked", error: "edited-here" }],
  });

  expect(told.split("\n").slice(2)).toEqual([
    "1  1970-01-01T00:00:00.000Z  changed by nurse at clinic-1",
    "   centre  push at 1970-01-01T00:00:00.000Z (applied)",
    "   ward  pull at 1970-01-01T00:00:00.000Z, its version 4 (applied)",
    "",
    "Told by other nodes of other versions",
    "   ward  pull at 1970-01-01T00:00:00.000Z, its version 5 (parked, edited-here)",
    "",
    "Where the latest version is",
    "   ward  has it since 1970-01-01T00:00:00.000Z (pull, its version 4)",
    "   hut  told last of another version, 1970-01-01T00:00:00.000Z (pull, its version 4)",
  ]);
});

it("says that there are earlier versions, and shortens long values", () => {
  const changes = [{ path: "Patient.text", before: undefined, after: { text: { div: "x".repeat(500) } } }];

  const told = describeTimeline({
    key,
    entries: [aVersion(9, { changes })],
    isCut: true,
    whereabouts: [],
    others: [],
  });

  expect(told).toMatch(/^Patient\/p1: the latest 1 versions/);
  expect(told).toMatch(/x…$/);
});
