import type { StatusAnswer } from "@tributary/admin-api";
import { expect, it } from "vitest";
import { describeStatus } from "./status-text.ts";

const link: NonNullable<StatusAnswer["parent"]> = {
  parent: "centre",
  url: "https://centre.test",
  lastPullAt: 0,
  lastOutcome: "complete",
  lastError: null,
  position: 9,
  head: 9,
  waiting: 0,
  unsent: 0,
  refused: 0,
  parked: 0,
  delayed: 0,
  clockOffsetMs: 0,
  pauses: [],
  beginning: null,
  decisions: { waiting: 0, refused: 0 },
  sides: [],
  reach: { made: 0, tiers: [] },
  heldPulls: {},
  verified: null,
};
const child: StatusAnswer = {
  node: "clinic",
  installation: "i-1",
  role: "child",
  database: "sqlite",
  records: 1,
  announced: 1,
  queued: 0,
  heldPushes: 0,
  openConflicts: 0,
  parent: link,
  children: [],
};

it("says plainly that all is well, and nothing about what there is none of", () => {
  expect(describeStatus(child).split("\n")).toEqual([
    "child clinic (sqlite): 1 record, 1 change announced",
    "installation i-1",
    "parent centre at https://centre.test: read 9 of 9; everything is sent; last pull 1970-01-01T00:00:00.000Z (complete)",
  ]);
});

it("says what waits, and how much of it", () => {
  const busy = { ...link, position: 7, waiting: 1, unsent: 2, refused: 1, parked: 3, delayed: 1, lastPullAt: null };
  const told = describeStatus({ ...child, announced: 12, queued: 2, openConflicts: 1, parent: busy }).split("\n");

  expect(told[0]).toBe("child clinic (sqlite): 1 record, 12 changes announced, 2 waiting to be");
  expect(told[2]).toContain(
    "read 7 of 9, 1 record waits; 2 units to send, 1 refused, 3 parked, 1 stepped over; last pull never",
  );
  expect(told[3]).toBe("1 open conflict; see `tributary conflicts`");
});

it("says of each child how far it is behind", () => {
  const told = describeStatus({
    ...child,
    role: "parent",
    parent: undefined,
    children: [0, 1, 5, null].map((behind) => ({ node: "c", isRevoked: false, lastSeenAt: null, behind })),
  });

  expect(told.split("\n").slice(1)).toEqual([
    "child c: in step; last seen never",
    "child c: 1 change behind; last seen never",
    "child c: 5 changes behind; last seen never",
    "child c: has not read yet; last seen never",
  ]);
});
