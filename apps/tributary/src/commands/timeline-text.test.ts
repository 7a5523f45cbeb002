import type { TimelineEntry } from "@tributary/runtime";
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

  expect(describeTimeline({ key, entries, isCut: false })).toBe(
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

it("says that there are earlier versions, and shortens long values", () => {
  const changes = [{ path: "Patient.text", before: undefined, after: { text: { div: "x".repeat(500) } } }];

  const told = describeTimeline({ key, entries: [aVersion(9, { changes })], isCut: true });

  expect(told).toMatch(/^Patient\/p1: the latest 1 versions/);
  expect(told).toMatch(/x…$/);
});
