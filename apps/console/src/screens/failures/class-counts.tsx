import type { AdminAnswer } from "@tributary/admin-api";
import { useAnswer } from "../../api/use-answer.ts";
import { CountFilters } from "../../parts/count-filters.tsx";
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
  const { say } = useWords();
  const byClass = useAnswer<AdminAnswer<"GET /failures/counts">>("/failures/counts").data?.byClass;
  const filters = failureClasses.map((one) => ({
    name: one,
    count: byClass && (byClass[one] ?? 0),
    tag: <StateTag tone={toneOfClass[one]} text={say(`failure.class.${one}`)} />,
  }));
  return <CountFilters filters={filters} chosen={chosen} choose={choose} />;
}
