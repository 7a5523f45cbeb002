import { RadioButton, RadioButtonGroup } from "@carbon/react";
import type { AdminAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useAnswer, useDeed } from "../../api/use-answer.ts";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { useWords } from "../../words/words.tsx";

/** Decides which of the installations that are at work under one name is let in again. */
export function CloneDialog({ node, close }: { readonly node: string; readonly close: () => void }) {
  const { say } = useWords();
  const [instance, choose] = useState("");
  const path = `/children/${encodeURIComponent(node)}/clones`;
  const clones = useAnswer<AdminAnswer<"GET /children/:node/clones">>(path);
  const deed = useDeed(["/children", "/network", "/audit", "/alerts"]);
  return (
    <FormDialog
      title={say("clones.title", { node })}
      submit={say("clones.accept")}
      isReady={!deed.isPending && instance !== ""}
      error={deed.error ?? clones.error}
      onSubmit={() => deed.mutate({ path, body: { instance } }, { onSuccess: close })}
      close={close}
    >
      <p>{say("clones.more")}</p>
      <RadioButtonGroup
        legendText={say("clones.installations")}
        name="clone"
        orientation="vertical"
        valueSelected={instance}
        onChange={(chosen) => choose(String(chosen))}
      >
        {(clones.data?.instances ?? []).map((one, at) => (
          <RadioButton
            key={one}
            id={`clone-${at}`}
            value={one}
            labelText={at === 0 ? say("clones.spokeLast", { installation: one }) : one}
          />
        ))}
      </RadioButtonGroup>
    </FormDialog>
  );
}
