import { useWords } from "../words/words.tsx";

/** Below this, a difference is the line's and not the clock's. */
const exactMs = 2_000;
/** Above this, dates that people read begin to mislead. */
const alarmingMs = 60_000;

/** How far another node's clock is from this one's. */
export function ClockOffset({ offsetMs }: { readonly offsetMs: number | null }) {
  const { say, duration } = useWords();
  if (offsetMs === null) return <span className="quiet">–</span>;
  if (Math.abs(offsetMs) < exactMs) return <span className="quiet">{say("network.clockExact")}</span>;
  const amount = duration(Math.abs(offsetMs));
  const text = say(offsetMs > 0 ? "network.clockAhead" : "network.clockLate", { amount });
  return <span className={Math.abs(offsetMs) > alarmingMs ? "alarming" : ""}>{text}</span>;
}
