import type { NetworkParent } from "@tributary/admin-api";
import { useWords } from "../words/words.tsx";
import { ClockOffset } from "./clock-offset.tsx";
import { Figure, Figures } from "./figure.tsx";
import { TimeAgo } from "./time-ago.tsx";

/** What of a link its figures tell. */
type Link = Pick<
  NetworkParent,
  "lastPullAt" | "position" | "head" | "unsent" | "parked" | "refused" | "delayed" | "waiting" | "clockOffsetMs"
>;

/** The link to the parent in numbers: how far behind, what waits on either way, and how far the clocks are apart. */
export function LinkFigures({ link }: { readonly link: Link }) {
  const { say, number } = useWords();
  const behind = Math.max(0, link.head - link.position);
  return (
    <Figures>
      <Figure name={say("network.lastContact")} value={<TimeAgo time={link.lastPullAt} />} />
      <Figure name={say("network.behind")} value={number(behind)} note={say("network.eventsNote")} />
      <Figure name={say("network.outbox")} value={number(link.unsent)} note={say("network.outboxNote")} />
      <Figure name={say("network.parked")} value={number(link.parked)} note={say("network.parkedNote")} />
      <Figure name={say("network.refusedUnits")} value={number(link.refused)} note={say("network.refusedNote")} />
      <Figure name={say("network.delayed")} value={number(link.delayed)} note={say("network.delayedNote")} />
      <Figure name={say("network.waiting")} value={number(link.waiting)} note={say("network.waitingNote")} />
      <Figure name={say("network.clock")} value={<ClockOffset offsetMs={link.clockOffsetMs} />} />
    </Figures>
  );
}
