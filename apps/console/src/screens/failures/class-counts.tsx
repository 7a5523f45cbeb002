import type { AdminAnswer } from "@tributary/admin-api";
import { useAnswer } from "../../api/use-answer.ts";
import { StateTag } from "../../parts/state-tag.tsx";
import { useWords } from "../../words/words.tsx";
import { failureClasses, toneOfClass } from "./failure-class.ts";

/** How much of each class has failed; each count filters the list to those, and once more to all. */
export function ClassCounts({
  chosen,
  choose,
}: {
  readonly chosen: string;
  readonly choose: (failureClass: string) => void;
}) {
  const { say, number } = useWords();
  const byClass = useAnswer<AdminAnswer<"GET /failures/counts">>("/failures/counts").data?.byClass;
  return (
    <div className="counts">
      {failureClasses.map((one) => (
        <button
          key={one}
          type="button"
          className="count"
          aria-pressed={chosen === one}
          onClick={() => choose(chosen === one ? "" : one)}
        >
          <span className="count__value">{byClass ? number(byClass[one] ?? 0) : "–"}</span>
          <StateTag tone={toneOfClass[one]} text={say(`failure.class.${one}`)} />
        </button>
      ))}
    </div>
  );
}
