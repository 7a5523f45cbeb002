import { NumberInput, TextInput } from "@carbon/react";
import { useState } from "react";
import { useDeed } from "../../api/use-answer.ts";
import { CatchmentSelect } from "../../parts/catchment-select.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { useWords } from "../../words/words.tsx";
import { EnrolmentCode, type IssuedCode } from "./enrolment-code.tsx";

/** Hours for which a code is good when nothing else is said, and at the most. */
const codeHours = { standard: 24, most: 744 } as const;

/** Issues a code for one named child, and shows it this once. */
export function EnrolDialog({ named, close }: { readonly named: string; readonly close: () => void }) {
  const { say, sayIfKnown } = useWords();
  const [node, rename] = useState(named);
  const [catchment, choose] = useState("");
  const [hours, last] = useState<number>(codeHours.standard);
  const deed = useDeed<IssuedCode>(["/children", "/audit"]);
  const issued = deed.data;
  const body = { node, hours, ...(catchment === "" ? {} : { catchment }) };
  return (
    <FormDialog
      title={issued ? say("children.code", { node }) : say("children.enrol")}
      submit={say("children.issue")}
      isReady={!deed.isPending && node !== ""}
      isDone={issued !== undefined}
      error={deed.error}
      onSubmit={() => deed.mutate({ path: "/children", body })}
      close={close}
    >
      {issued ? (
        <EnrolmentCode issued={issued} />
      ) : (
        <>
          <p>{say("children.enrolMore")}</p>
          <TextInput
            id="enrol-node"
            labelText={say("children.name")}
            helperText={say("children.nameHelp")}
            value={node}
            onChange={(event) => rename(event.target.value.trim())}
            data-modal-primary-focus
          />
          <CatchmentSelect id="enrol-catchment" everything="" catchment={catchment} choose={choose} />
          <NumberInput
            translateWithId={(id) => sayIfKnown(`icon.${id}`)}
            id="enrol-hours"
            label={say("children.hours")}
            min={1}
            max={codeHours.most}
            value={hours}
            onChange={(_, { value }) => last(Number(value))}
          />
        </>
      )}
    </FormDialog>
  );
}
