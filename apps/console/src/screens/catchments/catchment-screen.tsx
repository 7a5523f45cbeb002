import { Edit } from "@carbon/icons-react";
import { Button } from "@carbon/react";
import type { CatchmentDetail } from "@tributary/admin-api";
import { useState } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import type { ScreenProps } from "../../app/screen-props.ts";
import { useRight } from "../../app/session.tsx";
import { BackLink } from "../../parts/back-link.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Figure, Figures } from "../../parts/figure.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";
import { CatchmentMembers } from "./catchment-members.tsx";
import { RuleEditor } from "./rule-editor.tsx";
import { RuleHistory } from "./rule-history.tsx";
import { RuleText } from "./rule-text.tsx";

/** One catchment: its rule, who is in it, which children have it, and the rules that it had. */
export function CatchmentScreen({ parameters }: ScreenProps) {
  const { say, number } = useWords();
  const { name = "" } = parameters;
  const mayAdminister = useRight("administer");
  const maySeePeople = useRight("see-people");
  const [isEditing, edit] = useState(false);
  const answer = useAnswer<CatchmentDetail>(`/catchments/${encodeURIComponent(name)}`);
  if (answer.error) return <ErrorNote error={answer.error} />;
  if (!answer.data || answer.data.name !== name) return null;
  const { rule, version, members, suspended, children, history } = answer.data;
  return (
    <>
      <BackLink to="/catchments">{say("catchment.back")}</BackLink>
      <PageTitle
        title={name}
        lead={children.length === 0 ? say("catchments.noChildren") : children.slice(0, 12).join(", ")}
      >
        {mayAdminister && !isEditing && (
          <Button size="md" renderIcon={Edit} onClick={() => edit(true)}>
            {say("catchment.edit")}
          </Button>
        )}
      </PageTitle>
      <Figures>
        <Figure name={say("catchments.members")} value={number(members)} />
        <Figure name={say("catchments.suspended")} value={number(suspended)} />
        <Figure name={say("catchments.children")} value={number(children.length)} />
      </Figures>
      <section className="section" aria-labelledby="rule-title">
        <h2 id="rule-title">{say("catchment.rule", { version })}</h2>
        {isEditing ? <RuleEditor name={name} rule={rule} done={() => edit(false)} /> : <RuleText rule={rule} />}
      </section>
      {maySeePeople && <CatchmentMembers name={name} />}
      <RuleHistory history={history} />
    </>
  );
}
