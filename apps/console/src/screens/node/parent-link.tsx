import type { StatusAnswer } from "@tributary/admin-api";
import { Facts } from "../../parts/facts.tsx";
import { LinkFigures } from "../../parts/link-figures.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";
import { Streams } from "./streams.tsx";

type Parent = NonNullable<StatusAnswer["parent"]>;

/** The link to the parent: where its stream is read, what waits on either way, and when both were last found alike. */
export function ParentLink({ parent }: { readonly parent: Parent }) {
  const { say } = useWords();
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
      <LinkFigures link={parent} />
      <LinkFacts parent={parent} />
      <Streams parent={parent} />
    </>
  );
}

function LinkFacts({ parent }: { readonly parent: Parent }) {
  const { say, sayIfKnown, sayError, number } = useWords();
  const { verified, reach, heldPulls, decisions } = parent;
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
        [
          say("node.lastOutcome"),
          parent.lastOutcome === null ? undefined : sayIfKnown(`node.round.${parent.lastOutcome}`),
        ],
        [say("node.lastError"), parent.lastError === null ? undefined : sayError(parent.lastError)],
        [say("node.lastVerified"), verified ? <Verified key="verified" verified={verified} /> : say("common.never")],
        [
          say("node.identicalAt"),
          verified?.identicalAt ? <TimeAgo key="identical" time={verified.identicalAt} /> : undefined,
        ],
        [say("node.reach"), tiers.length === 0 ? undefined : tiers.join(", ")],
        [
          say("node.decisions"),
          decisions.waiting + decisions.refused === 0
            ? undefined
            : say("node.decisionsAre", { waiting: number(decisions.waiting), refused: number(decisions.refused) }),
        ],
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
