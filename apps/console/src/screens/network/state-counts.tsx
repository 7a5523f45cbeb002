import type { NetworkAnswer } from "@tributary/admin-api";
import { useWords } from "../../words/words.tsx";
import { NodeStateTag } from "./child-state.tsx";

const states = ["in-step", "behind", "verifying", "silent", "refused", "never-seen"] as const;

/** How many children stand how; each count filters the list to those, and once more to all. */
export function StateCounts({
  counts,
  chosen,
  choose,
}: {
  readonly counts: NetworkAnswer["counts"];
  readonly chosen: string;
  readonly choose: (state: string) => void;
}) {
  const { number } = useWords();
  return (
    <div className="counts">
      {states.map((state) => (
        <button
          key={state}
          type="button"
          className="count"
          aria-pressed={chosen === state}
          onClick={() => choose(chosen === state ? "" : state)}
        >
          <span className="count__value">{number(counts[state] ?? 0)}</span>
          <NodeStateTag state={state} />
        </button>
      ))}
    </div>
  );
}
