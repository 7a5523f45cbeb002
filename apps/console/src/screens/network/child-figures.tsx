import type { NetworkChild } from "@tributary/admin-api";
import { Figure, Figures } from "../../parts/figure.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";
import { ChildClock } from "./child-clock.tsx";
import { WaitingSince } from "./waiting-since.tsx";

/** A child in numbers: what this node knows of it, and what it told of itself in its last round. */
export function ChildFigures({ child }: { readonly child: NetworkChild }) {
  const { say, number, bytes } = useWords();
  const { behind, behindSince, unsent, unsentSince, parked, failed, openConflicts, bytesToday, toldAt } = child;
  const count = (value: number | null) => (value === null ? "–" : number(value));
  return (
    <>
      <Figures>
        <Figure name={say("network.lastContact")} value={<TimeAgo time={child.lastSeenAt} />} />
        <Figure
          name={say("network.behind")}
          value={count(behind)}
          note={behindSince === null ? say("network.eventsNote") : <WaitingSince since={behindSince} />}
        />
        <Figure
          name={say("network.outbox")}
          value={count(unsent)}
          note={unsentSince === null ? say("network.outboxNote") : <WaitingSince since={unsentSince} />}
        />
        <Figure name={say("network.parked")} value={count(parked)} note={say("network.parkedNote")} />
        <Figure name={say("network.failed")} value={count(failed)} note={say("network.failedNote")} />
        <Figure name={say("network.openConflicts")} value={count(openConflicts)} note={say("network.openNote")} />
        <Figure name={say("network.clock")} value={<ChildClock child={child} />} />
        <Figure name={say("network.version")} value={child.version ?? "–"} />
        <Figure
          name={say("network.bytesToday")}
          value={bytesToday === undefined ? "–" : bytes(bytesToday)}
          note={say("network.bytesNote")}
        />
        {child.children !== null && <Figure name={say("network.ownChildren")} value={number(child.children)} />}
        <Figure
          name={say("network.catchment")}
          value={child.catchment === "everything" ? say("network.everything") : (child.catchment ?? "–")}
        />
      </Figures>
      <p className="quiet beneath">
        {toldAt === null ? (
          say("network.toldNever")
        ) : (
          <>
            {say("network.told")} <TimeAgo time={toldAt} />
          </>
        )}
      </p>
    </>
  );
}
