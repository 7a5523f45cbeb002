import { NumberInput, TextInput } from "@carbon/react";
import type { AdminAnswer, Role } from "@tributary/admin-api";
import { useState } from "react";
import { useDeed } from "../../api/use-answer.ts";
import { CopyText } from "../../parts/copy-text.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { RoleSelect } from "../../parts/role-select.tsx";
import { useWords } from "../../words/words.tsx";

/** Days for which a token is good when nobody says otherwise, and at the most. */
const days = { standard: 365, most: 3_650 } as const;

/** Makes an API token, and shows its text this once. */
export function TokenDialog({ close }: { readonly close: () => void }) {
  const { say, sayIfKnown, time } = useWords();
  const [name, rename] = useState("");
  const [role, choose] = useState<Role>("viewer");
  const [length, last] = useState<number>(days.standard);
  const deed = useDeed<AdminAnswer<"POST /tokens">>(["/tokens", "/audit"]);
  const made = deed.data;
  return (
    <FormDialog
      title={made ? say("tokens.made", { name: made.name }) : say("tokens.new")}
      submit={say("users.create")}
      isReady={!deed.isPending && name !== ""}
      isDone={made !== undefined}
      error={deed.error}
      onSubmit={() => deed.mutate({ path: "/tokens", body: { name, role, days: length } })}
      close={close}
    >
      {made ? (
        <div className="code">
          <p>{say("tokens.madeMore")}</p>
          <div className="code__text">
            <output className="mono">{made.token}</output>
            <CopyText text={made.token} label={say("tokens.copy")} />
          </div>
          {made.expiresAt !== null && <p className="quiet">{say("tokens.until", { time: time(made.expiresAt) })}</p>}
        </div>
      ) : (
        <>
          <p>{say("tokens.newMore")}</p>
          <TextInput
            id="token-name"
            labelText={say("tokens.name")}
            helperText={say("tokens.nameHelp")}
            autoComplete="off"
            value={name}
            onChange={(event) => rename(event.target.value)}
            data-modal-primary-focus
          />
          <RoleSelect id="token-role" role={role} choose={choose} />
          <NumberInput
            translateWithId={(id) => sayIfKnown(`icon.${id}`)}
            id="token-days"
            label={say("tokens.days")}
            min={1}
            max={days.most}
            value={length}
            onChange={(_, { value }) => last(Number(value))}
          />
        </>
      )}
    </FormDialog>
  );
}
