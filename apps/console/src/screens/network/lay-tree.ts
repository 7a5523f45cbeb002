import type { NetworkAnswer } from "@tributary/admin-api";
import type { NodeState } from "./child-state.tsx";

/** A node with its place in the drawing. */
export interface DrawnNode {
  readonly key: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  /** Left out for the node itself, which has no line to itself. */
  readonly state?: NodeState;
  /** The name as far as there is room for it. */
  readonly label: string;
  /** It has children of its own, as far as it has told. */
  readonly isHub: boolean;
  /** The name stands below the circle, not beside it. */
  readonly isBelow: boolean;
  /** Where a click leads. */
  readonly place?: string;
}

/** A line from one node to another, in the state of the link. */
interface DrawnLine {
  readonly key: string;
  readonly state: NodeState;
  readonly path: string;
}

const width = 1_080;
const rowHeight = 92;
const top = 26;
/** The width of a letter, on average. */
const letterWidth = 7;
/** Letters of a name that stands alone in its row. */
const aloneLettersMax = 60;

/** Lays the parent, the node and the given children out in rows, the children evenly over the width. */
export function layTree({ node, parent, children: told }: NetworkAnswer) {
  const children = told.toSorted((a, b) => a.node.localeCompare(b.node));
  const middle = width / 2;
  const hereY = parent ? top + rowHeight : top;
  const childY = hereY + rowHeight;
  const step = width / Math.max(1, children.length);
  const below = children.map((child, at) => ({
    key: child.node,
    name: child.node,
    label: cut(child.node, Math.floor(step / letterWidth) - 1),
    state: child.state,
    isHub: (child.children ?? 0) > 0,
    x: step * (at + 0.5),
    y: childY,
    isBelow: true,
    place: `/network/${encodeURIComponent(child.node)}`,
  }));
  const here: DrawnNode = {
    key: "here",
    name: node,
    label: cut(node, aloneLettersMax),
    x: middle,
    y: hereY,
    isHub: false,
    isBelow: false,
    place: "/node",
  };
  const above: DrawnNode[] = parent
    ? [
        {
          key: "parent",
          name: parent.node,
          label: cut(parent.node, aloneLettersMax),
          state: parent.state,
          x: middle,
          y: top,
          isHub: false,
          isBelow: false,
        },
      ]
    : [];
  const lines: DrawnLine[] = below.map((child) => ({ key: child.key, state: child.state, path: curve(here, child) }));
  if (parent && above[0]) lines.push({ key: "parent", state: parent.state, path: curve(above[0], here) });
  return {
    width,
    height: children.length > 0 ? childY + 54 : hereY + 30,
    nodes: [...above, here, ...below] as readonly DrawnNode[],
    lines: lines as readonly DrawnLine[],
    children: children.length,
  };
}

function cut(name: string, lettersMax: number): string {
  return name.length > lettersMax ? `${name.slice(0, Math.max(1, lettersMax - 1))}…` : name;
}

function curve(
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): string {
  const half = (from.y + to.y) / 2;
  return `M${from.x} ${from.y}C${from.x} ${half} ${to.x} ${half} ${to.x} ${to.y}`;
}
