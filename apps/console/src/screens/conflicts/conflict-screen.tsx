import { Button } from "@carbon/react";
import { useState } from "react";
import { PlaceLink } from "../../app/location.tsx";
import type { ScreenProps } from "../../app/screen-props.ts";
import { useRight } from "../../app/session.tsx";
import { BackLink } from "../../parts/back-link.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Notice } from "../../parts/notice.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";
import { AssignButton } from "./assign-button.tsx";
import type { Choice } from "./choice.ts";
import { ContestedCard } from "./contested-card.tsx";
import { RefusedDecisions } from "./refused-decisions.tsx";
import { ResolutionNote } from "./resolution-note.tsx";
import { SettleForm } from "./settle-form.tsx";
import { usePreviews } from "./use-previews.ts";
import { useRecordConflicts } from "./use-record-conflicts.ts";
import { useSettle } from "./use-settle.ts";
import { WholeRecord } from "./whole-record.tsx";

/** All that is contested in one record, side by side, decided element by element or all at once. */
export function ConflictScreen({ parameters: { id = "" } }: ScreenProps) {
  const { say } = useWords();
  const mayReview = useRight("review");
  const { details, error } = useRecordConflicts(id);
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map());
  const settle = useSettle(() => setChoices(new Map()));
  const previews = usePreviews(choices);
  const [first] = details;
  if (error && !first) return <ErrorNote error={error} />;
  if (!first) return <PageTitle title={say("nav.conflicts")} />;
  const { type, id: recordId } = first.conflict;
  const open = details.filter(({ conflict }) => conflict.state === "open");
  const choose = (conflictId: string, choice: Choice) => setChoices(new Map(choices).set(conflictId, choice));
  const takeAll = (take: "parent" | "child") =>
    setChoices(new Map(open.map(({ conflict }) => [conflict.conflictId, { take }])));
  const assignees = new Set(open.map(({ conflict }) => conflict.assignee));
  const assigned = [...assignees].map((name) =>
    name === null ? say("conflicts.assignedNobody") : say("conflicts.assignedTo", { name }),
  );
  const mayDecide = mayReview && open.length > 0;
  return (
    <>
      <BackLink to="/conflicts">{say("conflicts.back")}</BackLink>
      <PageTitle
        title={`${type}/${recordId}`}
        lead={[say("conflicts.record.lead", { count: details.length }), ...assigned].join(" ")}
      >
        {mayReview && (
          <Button size="md" kind="ghost" as={PlaceLink} {...{ to: `/records/${type}/${recordId}` }}>
            {say("conflicts.openRecord")}
          </Button>
        )}
        {mayDecide && (
          <>
            <AssignButton conflicts={open.map(({ conflict }) => conflict)} />
            <Button size="md" kind="tertiary" onClick={() => takeAll("parent")}>
              {say("conflicts.takeAllParent")}
            </Button>
            <Button size="md" kind="tertiary" onClick={() => takeAll("child")}>
              {say("conflicts.takeAllChild")}
            </Button>
          </>
        )}
      </PageTitle>
      <div aria-live="polite">
        {settle.data && (
          <Notice
            kind="success"
            title={say("conflicts.settled", { count: settle.data.settled })}
            subtitle={settle.data.already > 0 ? say("conflicts.already") : say("conflicts.changeBack")}
          />
        )}
      </div>
      {!mayReview && <EmptyState title={say("conflicts.mayNot")} />}
      {details.map((detail) => (
        <div key={detail.conflict.conflictId}>
          <ContestedCard
            detail={detail}
            choice={choices.get(detail.conflict.conflictId)}
            preview={previews.get(detail.conflict.conflictId)}
            choose={
              mayReview && detail.conflict.state === "open"
                ? (choice) => choose(detail.conflict.conflictId, choice)
                : undefined
            }
          />
          <ResolutionNote conflict={detail.conflict} />
          <RefusedDecisions decisions={detail.refusedDecisions} />
        </div>
      ))}
      {mayDecide && <SettleForm choices={choices} previews={previews} settle={settle} />}
      {!first.isWithheld && <WholeRecord detail={first} />}
    </>
  );
}
