import { expect, it } from "vitest";
import { drawLiveTable } from "./live-table.ts";

it("draws a line a node, with numbers at the right", () => {
  const table = drawLiveTable([
    {
      name: "parent",
      role: "parent",
      records: 11_054,
      behind: undefined,
      lastPullAgoMs: undefined,
      requests: undefined,
      bytesDown: undefined,
    },
    {
      name: "child-1",
      role: "child",
      records: 11_000,
      behind: 54,
      lastPullAgoMs: 1234,
      requests: 40,
      bytesDown: 2_345_678,
    },
    { name: "child-2", role: "child", records: 11_054, behind: 0, lastPullAgoMs: 0, requests: 9, bytesDown: 999 },
  ]);

  expect(table.split("\n")).toEqual([
    "node     role    records   behind  last pull  requests  received",
    "parent   parent    11054        -          -         -         -",
    "child-1  child     11000       54  1.2 s ago        40    2.3 MB",
    "child-2  child     11054  in step  0.0 s ago         9     999 B",
  ]);
});
