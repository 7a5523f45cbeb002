import type { AdminAnswer } from "@tributary/admin-api";
import { useAnswer } from "../../api/use-answer.ts";
import { Figure, Figures } from "../../parts/figure.tsx";
import { useWords } from "../../words/words.tsx";

type Count = AdminAnswer<"GET /conflicts/counts">["items"][number];

/** How many conflicts there are of each element of each type. */
export function useConflictCounts(): readonly Count[] {
  return useAnswer<AdminAnswer<"GET /conflicts/counts">>("/conflicts/counts").data?.items ?? [];
}

/** How many conflicts there are, and how long decisions took. */
export function ConflictCounts() {
  const { say, number, duration } = useWords();
  const items = useConflictCounts();
  const sum = (value: (count: Count) => number) => items.reduce((total, item) => total + value(item), 0);
  const median = weightedMedian(items);
  return (
    <div className="conflict-counts">
      <Figures>
        <Figure name={say("conflicts.openCount")} value={number(sum((item) => item.open))} />
        <Figure name={say("conflicts.resolvedCount")} value={number(sum((item) => item.resolved))} />
        <Figure name={say("conflicts.settledCount")} value={number(sum((item) => item.settled))} />
        <Figure name={say("conflicts.median")} value={median === undefined ? "–" : duration(median)} />
      </Figures>
    </div>
  );
}

/** The median of the elements' medians, each counted as often as it was resolved. */
function weightedMedian(items: readonly Count[]): number | undefined {
  const told = items
    .flatMap(({ medianMs, resolved }) => (medianMs === null ? [] : [{ medianMs, resolved: Math.max(1, resolved) }]))
    .sort((a, b) => a.medianMs - b.medianMs);
  const half = told.reduce((sum, { resolved }) => sum + resolved, 0) / 2;
  let passed = 0;
  for (const { medianMs, resolved } of told) {
    passed += resolved;
    if (passed >= half) return medianMs;
  }
  return undefined;
}
