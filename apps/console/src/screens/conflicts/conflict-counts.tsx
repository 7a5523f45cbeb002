import type { AdminAnswer } from "@tributary/admin-api";
import { useAnswer } from "../../api/use-answer.ts";
import { Figure, Figures } from "../../parts/figure.tsx";
import { useWords } from "../../words/words.tsx";

type Count = AdminAnswer<"GET /conflicts/counts">["items"][number];

/** How many there are and how long decisions took; below, the types with open ones, each a filter of the list. */
export function ConflictCounts({
  chosenType,
  chooseType,
}: {
  readonly chosenType: string;
  readonly chooseType: (type: string) => void;
}) {
  const { say, number, duration } = useWords();
  const items = useAnswer<AdminAnswer<"GET /conflicts/counts">>("/conflicts/counts").data?.items ?? [];
  const sum = (value: (count: Count) => number) => items.reduce((total, item) => total + value(item), 0);
  const median = weightedMedian(items);
  const open = openByType(items);
  return (
    <div className="conflict-counts">
      <Figures>
        <Figure name={say("conflicts.openCount")} value={number(sum((item) => item.open))} />
        <Figure name={say("conflicts.resolvedCount")} value={number(sum((item) => item.resolved))} />
        <Figure name={say("conflicts.settledCount")} value={number(sum((item) => item.settled))} />
        <Figure name={say("conflicts.median")} value={median === undefined ? "–" : duration(median)} />
      </Figures>
      {open.length > 1 && (
        <div className="chips">
          {open.map(([type, count]) => (
            <button
              key={type}
              type="button"
              className="chip"
              aria-pressed={chosenType === type}
              onClick={() => chooseType(chosenType === type ? "" : type)}
            >
              {type} <strong>{number(count)}</strong>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function openByType(items: readonly Count[]): readonly (readonly [type: string, open: number])[] {
  const types = [...new Set(items.map(({ type }) => type))];
  return types
    .map((type) => [type, items.filter((item) => item.type === type).reduce((sum, { open }) => sum + open, 0)] as const)
    .filter(([, open]) => open > 0);
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
