import { RadioButton, RadioButtonGroup } from "@carbon/react";
import type { AdminAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useDeed } from "../../api/use-answer.ts";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { ReasonField } from "../../parts/reason-field.tsx";
import { TypesField } from "../../parts/types-field.tsx";
import { useWords } from "../../words/words.tsx";

/** Names the types whose records go to every child, or goes back to the usual ones. */
export function TypesForAllDialog({
  told: { types: before, isStandard },
  close,
}: {
  readonly told: AdminAnswer<"GET /metadata-types">;
  readonly close: () => void;
}) {
  const { say, sayNodeLine } = useWords();
  const [isUsual, goBack] = useState(isStandard);
  const [types, name] = useState(before);
  const [reason, write] = useState("");
  const deed = useDeed(["/metadata-types", "/audit"]);
  const refused = deed.error?.status === 400 ? deed.error : undefined;
  const body = { types: isUsual ? null : types, reason: reason.trim() };
  return (
    <FormDialog
      title={say("forAll.title")}
      submit={say("users.save")}
      isReady={!deed.isPending && reason.trim() !== "" && (isUsual || types.length > 0)}
      error={refused ? null : deed.error}
      onSubmit={() => deed.mutate({ method: "PUT", path: "/metadata-types", body }, { onSuccess: close })}
      close={close}
    >
      <p>{say("forAll.changeMore")}</p>
      <RadioButtonGroup
        legendText={say("forAll.which")}
        name="types-for-all"
        orientation="vertical"
        valueSelected={isUsual ? "usual" : "named"}
        onChange={(chosen) => goBack(chosen === "usual")}
      >
        <RadioButton id="types-usual" value="usual" labelText={say("forAll.goBack")} />
        <RadioButton id="types-named" value="named" labelText={say("forAll.these")} />
      </RadioButtonGroup>
      {!isUsual && (
        <TypesField
          id="types-for-all-named"
          label={say("forAll.types")}
          help={say("forAll.typesHelp")}
          types={types}
          change={name}
          refusal={refused && sayNodeLine(refused)}
        />
      )}
      <ReasonField reason={reason} write={write} />
    </FormDialog>
  );
}
