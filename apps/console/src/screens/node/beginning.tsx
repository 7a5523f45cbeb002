import { ProgressBar } from "@carbon/react";
import { useEffect, useRef } from "react";
import { useNow } from "../../parts/use-now.ts";
import { useWords } from "../../words/words.tsx";

interface Progress {
  readonly records: number;
  readonly recordsTotal: number;
}

/** How much of a first snapshot has been taken in, with an estimate once there is a pace to go by. */
export function Beginning({ beginning }: { readonly beginning: Progress }) {
  const { say, number, duration } = useWords();
  const now = useNow();
  const first = useRef<{ readonly at: number; readonly records: number }>(undefined);
  useEffect(() => {
    first.current ??= { at: Date.now(), records: beginning.records };
  }, [beginning]);
  const leftMs = first.current ? estimate(first.current, beginning, now) : undefined;
  const done = say("node.beginningHelp", { done: number(beginning.records), total: number(beginning.recordsTotal) });
  const left = leftMs === undefined ? "" : `, ${say("node.beginningEstimate", { duration: duration(leftMs) })}`;
  return (
    <div className="beginning">
      <ProgressBar
        label={say("node.beginning")}
        helperText={done + left}
        value={beginning.records}
        max={Math.max(1, beginning.recordsTotal)}
      />
    </div>
  );
}

function estimate(
  first: { readonly at: number; readonly records: number },
  { records, recordsTotal }: Progress,
  now: number,
): number | undefined {
  const taken = records - first.records;
  if (taken <= 0 || now <= first.at) return undefined;
  return ((recordsTotal - records) * (now - first.at)) / taken;
}
