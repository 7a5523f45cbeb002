import type { NetworkAnswer } from "@tributary/admin-api";
import { PlaceLink } from "../../app/location.tsx";
import { useWords } from "../../words/words.tsx";
import { type NodeState, toneOfState } from "./child-state.tsx";
import { type DrawnNode, layTree } from "./lay-tree.ts";

/** The tree as a drawing: the parent above, this node, and the first children below, each line in the colour of its state. */
export function NetworkDrawing({ network }: { readonly network: NetworkAnswer }) {
  const { say } = useWords();
  const all = Object.values(network.counts).reduce((sum, count) => sum + count, 0);
  const tree = layTree(network);
  if (tree.nodes.length === 1) return null;
  return (
    <figure className="drawing">
      <svg viewBox={`0 0 ${tree.width} ${tree.height}`} aria-label={say("network.drawing")}>
        {tree.lines.map(({ key, state, path }) => (
          <path key={key} d={path} className={`drawing__line drawing__line--${toneOfState[state]}`} />
        ))}
        {tree.nodes.map((node) => (
          <DrawnCircle key={node.key} node={node} />
        ))}
      </svg>
      {all > tree.children && (
        <figcaption className="quiet">{say("network.more", { count: all - tree.children })}</figcaption>
      )}
    </figure>
  );
}

function DrawnCircle({ node }: { readonly node: DrawnNode }) {
  const { say, sayIfKnown } = useWords();
  const told = [
    ...(node.state ? [sayIfKnown(`network.state.${node.state}`)] : []),
    ...(node.isHub ? [say("network.hub")] : []),
  ].join(", ");
  const drawn = (
    <g transform={`translate(${node.x} ${node.y})`} className={`drawing__node ${classOf(node.state)}`}>
      <title>{told === "" ? node.name : `${node.name}: ${told}`}</title>
      {node.isHub && <circle r={14} className="drawing__ring" />}
      <circle r={node.state ? 9 : 12} />
      <text
        x={node.isBelow ? 0 : 20}
        y={node.isBelow ? (node.isHub ? 32 : 28) : 5}
        textAnchor={node.isBelow ? "middle" : "start"}
      >
        {node.label}
      </text>
      {told !== "" && (
        <text
          className="drawing__state"
          x={node.isBelow ? 0 : 20}
          y={node.isBelow ? (node.isHub ? 47 : 43) : 20}
          textAnchor={node.isBelow ? "middle" : "start"}
        >
          {told}
        </text>
      )}
    </g>
  );
  return node.place ? (
    <PlaceLink to={node.place} tabIndex={-1}>
      {drawn}
    </PlaceLink>
  ) : (
    drawn
  );
}

function classOf(state: NodeState | undefined): string {
  return state ? `drawing__node--${toneOfState[state]}` : "drawing__node--here";
}
