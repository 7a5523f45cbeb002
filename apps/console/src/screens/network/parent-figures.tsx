import type { NetworkParent } from "@tributary/admin-api";
import { LinkFigures } from "../../parts/link-figures.tsx";
import { useWords } from "../../words/words.tsx";
import { NodeStateTag } from "./child-state.tsx";

/** The link to the parent: its state, and its numbers. */
export function ParentFigures({ parent }: { readonly parent: NetworkParent }) {
  const { say } = useWords();
  return (
    <section className="section" aria-labelledby="parent">
      <div className="section__head">
        <h2 id="parent">
          {say("network.parent")}: {parent.node}
        </h2>
        <NodeStateTag state={parent.state} />
      </div>
      <LinkFigures link={parent} />
    </section>
  );
}
