import type { NetworkAnswer } from "@tributary/admin-api";
import { expect, it } from "vitest";
import { layTree } from "./lay-tree.ts";

function network(children: readonly string[]): NetworkAnswer {
  return {
    node: "centre",
    role: "parent",
    version: "0.1.0",
    at: 0,
    parent: null,
    counts: { "in-step": children.length, behind: 0, verifying: 0, silent: 0, refused: 0, "never-seen": 0 },
    children: children.map((node) => ({
      node,
      state: "in-step",
      lastSeenAt: 0,
      behind: 0,
      behindSince: null,
      catchment: null,
      toldAt: 0,
      version: null,
      clockOffsetMs: 0,
      unsent: 0,
      unsentSince: null,
      parked: 0,
      failed: 0,
      openConflicts: 0,
      children: 0,
    })),
    total: children.length,
    next: null,
  };
}

it("spreads the children evenly below their parent, each with a line", () => {
  const { nodes, lines, width } = layTree(network(["a", "b", "c", "d"]));
  const [, ...below] = nodes.map(({ x }) => x);

  expect(below).toEqual([1, 3, 5, 7].map((eighths) => (width * eighths) / 8));
  expect(lines.map(({ key }) => key)).toEqual(["a", "b", "c", "d"]);
});

it("draws a node without anybody as one circle", () => {
  expect(layTree(network([])).nodes).toHaveLength(1);
});

it("tells a hub from children that have none of their own, and from those that do not say", () => {
  const told = network(["clinic", "hub", "old"]);
  const counts = [0, 2, null];
  const children = told.children.map((child, at) => ({ ...child, children: counts[at] ?? null }));

  const { nodes } = layTree({ ...told, children });

  expect(nodes.filter(({ isHub }) => isHub).map(({ name }) => name)).toEqual(["hub"]);
});
