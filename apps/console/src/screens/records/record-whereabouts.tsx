import { CheckmarkFilled, CircleDash, ErrorFilled, InProgress } from "@carbon/icons-react";
import type { RecordDetail, TimelineAnswer } from "@tributary/admin-api";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords, type Words } from "../../words/words.tsx";
import { type JourneyStep, journeyOf, type StepState } from "./record-journey.ts";

const icons = { done: CheckmarkFilled, current: InProgress, failed: ErrorFilled, ahead: CircleDash };
const tones = { "has-it": "good", "has-another": "quiet", failed: "bad" } as const;

/** Where a record's latest version is: its way so far, and which nodes told that they have it. */
export function RecordWhereabouts({
  record,
  timeline,
}: {
  readonly record: RecordDetail;
  readonly timeline: TimelineAnswer;
}) {
  const words = useWords();
  const { say } = words;
  const steps = journeyOf(timeline, record);
  return (
    <section className="section whereabouts" aria-labelledby="where-title">
      <h2 id="where-title">{say("record.whereTitle")}</h2>
      <ol className="journey">
        {steps.map((step) => (
          <li key={step.kind} className={`journey__step journey__step--${step.state}`}>
            <StepIcon state={step.state} />
            <strong>{say(`journey.${step.kind}`)}</strong>
            <span>{noteOf(step, words)}</span>
            {"at" in step && step.at !== null && <TimeAgo time={step.at} />}
          </li>
        ))}
      </ol>
      <h3>{say("record.nodesTitle")}</h3>
      {timeline.whereabouts.length === 0 && <p className="quiet">{say("record.nodesNone")}</p>}
      <ul className="holders">
        {timeline.whereabouts.map(({ node, state, at, version, error }) => (
          <li key={node}>
            <strong>{node}</strong>
            <StateTag tone={tones[state]} text={error === null ? say(`where.${state}`) : words.sayError(error)} />
            <span className="quiet">
              {version !== null && `${say("record.version", { version })} · `}
              <TimeAgo time={at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function StepIcon({ state }: { readonly state: StepState }) {
  const Icon = icons[state];
  return <Icon aria-hidden="true" size={20} />;
}

function noteOf(step: JourneyStep, { say, sayIfKnown, sayOutcome }: Words): string {
  switch (step.kind) {
    case "written":
      return say("journey.writtenAt", { node: step.node, author: step.author });
    case "came":
      return say("journey.cameFrom", { node: step.node, by: sayIfKnown(`operation.${step.by}`) });
    case "queued":
      return step.state === "current" ? say("journey.waiting") : "";
    case "sent":
      return step.state === "done" ? say("journey.sentTo", { node: step.node }) : say("journey.notYet");
    case "verdict":
      if (step.outcome === null) return say("journey.notYet");
      return `${step.node}: ${sayOutcome(step.outcome)}`;
    case "delivered":
      return step.nodes.length === 0 ? say("journey.notYet") : say("journey.deliveredTo", { count: step.nodes.length });
  }
}
