import type { StatusAnswer } from "@tributary/admin-api";
import { Facts } from "../../parts/facts.tsx";
import { Figure, Figures } from "../../parts/figure.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";
import { ClockOffset } from "../network/clock-offset.tsx";

type Parent = NonNullable<StatusAnswer["parent"]>;

/** The link to the parent: where its stream is read, what waits on either way, and when both were last found alike. */
export function ParentLink({ parent }: { readonly parent: Parent }) {
  const { say, number } = useWords();
  return (
    <>
      {parent.pauses.map(({ direction, pausedBy, reason }) => (
        <p key={direction} className="notice">
          <StateTag
            tone="warning"
            text={say("node.pausedBy", { direction: say(`node.direction.${direction}`), by: pausedBy, reason })}
          />
        </p>
      ))}
      <Figures>
        <Figure name={say("network.outbox")} value={number(parent.unsent)} />
        <Figure name={say("network.parked")} value={number(parent.parked)} note={say("network.parkedNote")} />
        <Figure name={say("network.refusedUnits")} value={number(parent.refused)} note={say("network.refusedNote")} />
        <Figure name={say("network.delayed")} value={number(parent.delayed)} note={say("network.delayedNote")} />
        <Figure name={say("network.waiting")} value={number(parent.waiting)} note={say("network.waitingNote")} />
        <Figure name={say("network.clock")} value={<ClockOffset offsetMs={parent.clockOffsetMs} />} />
      </Figures>
      <LinkFacts parent={parent} />
    </>
  );
}

function LinkFacts({ parent }: { readonly parent: Parent }) {
  const { say, number } = useWords();
  const { verified, reach, heldPulls } = parent;
  const held = Object.entries(heldPulls).map(([type, count]) => `${type} (${number(count)})`);
  const tiers = reach.tiers.map(({ node, through }) => `${node} (${number(through)} / ${number(reach.made)})`);
  return (
    <Facts
      facts={[
        [say("node.parent"), parent.parent],
        [
          say("node.address"),
          <span key="url" className="mono">
            {parent.url}
          </span>,
        ],
        [say("node.lastPull"), <TimeAgo key="pull" time={parent.lastPullAt} />],
        [say("node.stream"), say("node.streamAt", { position: parent.position, head: parent.head })],
        [say("node.lastOutcome"), parent.lastOutcome ?? undefined],
        [say("node.lastError"), parent.lastError ?? undefined],
        [say("node.lastVerified"), verified ? <Verified key="verified" verified={verified} /> : say("common.never")],
        [
          say("node.identicalAt"),
          verified?.identicalAt ? <TimeAgo key="identical" time={verified.identicalAt} /> : undefined,
        ],
        [say("node.reach"), tiers.length === 0 ? undefined : tiers.join(", ")],
        [say("node.heldPulls"), held.length === 0 ? undefined : held.join(", ")],
      ]}
    />
  );
}

function Verified({ verified }: { readonly verified: NonNullable<Parent["verified"]> }) {
  const { say } = useWords();
  const { outcome, records, differences, verifiedAt } = verified;
  const text = say(`node.verified.${outcome}`, { count: outcome === "identical" ? records : differences });
  return (
    <>
      <StateTag tone={outcome === "identical" ? "good" : outcome === "different" ? "bad" : "warning"} text={text} />{" "}
      <TimeAgo time={verifiedAt} />
    </>
  );
}
