import { Modal, NumberInput, Select, SelectItem, TextInput } from "@carbon/react";
import type { CatchmentAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useAnswer, useDeed } from "../../api/use-answer.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { useWords } from "../../words/words.tsx";
import { EnrolmentCode, type IssuedCode } from "./enrolment-code.tsx";

/** Hours for which a code is good when nothing else is said, and at the most. */
const codeHours = { standard: 24, most: 744 } as const;

/** Issues a code for one named child, and shows it this once. */
export function EnrolDialog({ named, close }: { readonly named: string; readonly close: () => void }) {
  const { say } = useWords();
  const [node, rename] = useState(named);
  const [catchment, choose] = useState("");
  const [hours, last] = useState<number>(codeHours.standard);
  const catchments = useAnswer<{ readonly items: readonly CatchmentAnswer[] }>("/catchments");
  const deed = useDeed<IssuedCode>(["/children", "/audit"]);
  const issued = deed.data;
  const body = { node, hours, ...(catchment === "" ? {} : { catchment }) };
  return (
    <Modal
      open
      size="sm"
      modalHeading={issued ? say("children.code", { node }) : say("children.enrol")}
      closeButtonLabel={say("common.close")}
      primaryButtonText={say(issued ? "children.done" : "children.issue")}
      secondaryButtonText={issued ? "" : say("common.cancel")}
      primaryButtonDisabled={deed.isPending || node === ""}
      onRequestSubmit={() => (issued ? close() : deed.mutate({ path: "/children", body }))}
      onRequestClose={close}
      preventCloseOnClickOutside
    >
      {issued ? (
        <EnrolmentCode issued={issued} />
      ) : (
        <div className="form-rows">
          <p>{say("children.enrolMore")}</p>
          <ErrorNote error={deed.error} />
          <TextInput
            id="enrol-node"
            labelText={say("children.name")}
            helperText={say("children.nameHelp")}
            value={node}
            onChange={(event) => rename(event.target.value.trim())}
            data-modal-primary-focus
          />
          <Select
            id="enrol-catchment"
            labelText={say("children.catchment")}
            value={catchment}
            onChange={(event) => choose(event.target.value)}
          >
            <SelectItem value="" text={say("children.catchmentEvery")} />
            {catchments.data?.items.map(({ name }) => (
              <SelectItem key={name} value={name} text={name} />
            ))}
          </Select>
          <NumberInput
            id="enrol-hours"
            label={say("children.hours")}
            min={1}
            max={codeHours.most}
            value={hours}
            onChange={(_, { value }) => last(Number(value))}
          />
        </div>
      )}
    </Modal>
  );
}
