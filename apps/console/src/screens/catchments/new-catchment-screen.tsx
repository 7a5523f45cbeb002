import { TextInput } from "@carbon/react";
import { useState } from "react";
import { goTo } from "../../app/location.tsx";
import { BackLink } from "../../parts/back-link.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";
import { RuleEditor } from "./rule-editor.tsx";

/** Makes a catchment: a name, and a rule that is previewed before it is saved. */
export function NewCatchmentScreen() {
  const { say } = useWords();
  const [name, rename] = useState("");
  const done = (saved: boolean) => goTo(saved ? `/catchments/${encodeURIComponent(name)}` : "/catchments");
  return (
    <>
      <BackLink to="/catchments">{say("catchment.back")}</BackLink>
      <PageTitle title={say("catchments.new")} lead={say("catchments.lead")} />
      <div className="form-rows">
        <TextInput
          className="narrow"
          id="catchment-name"
          labelText={say("catchments.name")}
          helperText={say("catchment.nameHelp")}
          value={name}
          onChange={(event) => rename(event.target.value.trim())}
        />
        <RuleEditor name={name} rule={undefined} done={done} />
      </div>
    </>
  );
}
