import type { ReactNode } from "react";
import { useWords } from "../words/words.tsx";

/** One count that filters a list. */
export interface CountFilter {
  readonly name: string;
  /** Absent while it is not known. */
  readonly count: number | undefined;
  readonly tag: ReactNode;
}

/** Counts above a list; each filters the list to what it counts, and once more to all. */
export function CountFilters({
  filters,
  chosen,
  choose,
}: {
  readonly filters: readonly CountFilter[];
  /** The name of the filter that holds, or nothing. */
  readonly chosen: string;
  readonly choose: (name: string) => void;
}) {
  const { number } = useWords();
  return (
    <div className="counts">
      {filters.map(({ name, count, tag }) => (
        <button
          key={name}
          type="button"
          className="count"
          aria-pressed={chosen === name}
          onClick={() => choose(chosen === name ? "" : name)}
        >
          <span className="count__value">{count === undefined ? "–" : number(count)}</span>
          {tag}
        </button>
      ))}
    </div>
  );
}
