import type { NetworkChild, NetworkParent } from "@tributary/admin-api";
import { StateTag, type Tone } from "../../parts/state-tag.tsx";
import { useWords } from "../../words/words.tsx";

/** How a node on the other end of a line stands. */
export type NodeState = NetworkChild["state"] | NetworkParent["state"];

/** How each state is meant; the drawing, the counts and the list show it alike. */
export const toneOfState: Readonly<Record<NodeState, Tone>> = {
  "in-step": "good",
  behind: "warning",
  verifying: "busy",
  paused: "warning",
  silent: "bad",
  refused: "bad",
  "never-seen": "quiet",
};

/** The state of a node in words and colour. */
export function NodeStateTag({ state }: { readonly state: NodeState }) {
  const { sayIfKnown } = useWords();
  return <StateTag tone={toneOfState[state]} text={sayIfKnown(`network.state.${state}`)} />;
}
