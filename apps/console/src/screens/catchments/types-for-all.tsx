import { Edit } from "@carbon/icons-react";
import { Button, Tag } from "@carbon/react";
import type { AdminAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { useRight } from "../../app/session.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { useWords } from "../../words/words.tsx";
import { TypesForAllDialog } from "./types-for-all-dialog.tsx";

/** The resource types whose records go to every child, whatever its catchment, and the way to name others. */
export function TypesForAll() {
  const { say } = useWords();
  const mayAdminister = useRight("administer");
  const [isEditing, edit] = useState(false);
  const answer = useAnswer<AdminAnswer<"GET /metadata-types">>("/metadata-types");
  const told = answer.data;
  return (
    <section className="section" aria-labelledby="types-for-all">
      <div className="section__head">
        <h2 id="types-for-all">{say("forAll.title")}</h2>
        {told && mayAdminister && (
          <Button
            kind="ghost"
            size="sm"
            renderIcon={Edit}
            aria-label={`${say("catchments.assign")}: ${say("forAll.title")}`}
            onClick={() => edit(true)}
          >
            {say("catchments.assign")}
          </Button>
        )}
      </div>
      <p className="quiet section__lead">{say("forAll.more")}</p>
      <ErrorNote error={answer.error} />
      {told && (
        <>
          <p className="spaced">{say(told.isStandard ? "forAll.usual" : "forAll.named")}</p>
          <ul className="chips" aria-label={say("forAll.title")}>
            {told.types.map((type) => (
              <li key={type}>
                <Tag type="outline">{type}</Tag>
              </li>
            ))}
          </ul>
        </>
      )}
      {isEditing && told && <TypesForAllDialog told={told} close={() => edit(false)} />}
    </section>
  );
}
