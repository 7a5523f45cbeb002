import type { NetworkParent } from "@tributary/admin-api";
import { Figure, Figures } from "../../parts/figure.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";
import { ClockOffset } from "./clock-offset.tsx";

/** The link to the parent in numbers: how far behind, and what waits on either way. */
export function ParentFigures({ parent }: { readonly parent: NetworkParent }) {
  const { say, number } = useWords();
  const behind = Math.max(0, parent.head - parent.position);
  return (
    <section className="section" aria-labelledby="parent">
      <h2 id="parent">
        {say("network.parent")}: {parent.node}
      </h2>
      <Figures>
        <Figure name={say("network.lastPull")} value={<TimeAgo time={parent.lastPullAt} />} />
        <Figure name={say("network.lag")} value={number(behind)} note={say("network.events", { count: behind })} />
        <Figure name={say("network.outbox")} value={number(parent.unsent)} />
        <Figure name={say("network.parked")} value={number(parent.parked)} note={say("network.parkedNote")} />
        <Figure name={say("network.refusedUnits")} value={number(parent.refused)} note={say("network.refusedNote")} />
        <Figure name={say("network.delayed")} value={number(parent.delayed)} note={say("network.delayedNote")} />
        <Figure name={say("network.waiting")} value={number(parent.waiting)} note={say("network.waitingNote")} />
        <Figure name={say("network.clock")} value={<ClockOffset offsetMs={parent.clockOffsetMs} />} />
      </Figures>
    </section>
  );
}
