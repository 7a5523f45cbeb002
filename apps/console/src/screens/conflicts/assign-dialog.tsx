import { Select, SelectItem, TextInput } from "@carbon/react";
import type { AdminAnswer, ConflictAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { useSession } from "../../app/session.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { useWords } from "../../words/words.tsx";
import { useAssign } from "./use-assign.ts";

/** Who may decide, as many as the node tells on one page; anybody beyond is assigned one by name. */
export const reviewersPath = "/conflicts/reviewers?limit=500";

const nobody = "";
/** No user is called so: names do not begin with a space. */
const somebodyElse = " ";

/** Says who is to decide what is open of a record: oneself, a colleague, a group or somebody elsewhere, or nobody. */
export function AssignDialog({
  conflicts,
  close,
}: {
  /** Those that are open. */
  readonly conflicts: readonly ConflictAnswer[];
  readonly close: () => void;
}) {
  const { say, sayIfKnown } = useWords();
  const { user } = useSession();
  const [chosen, choose] = useState(conflicts[0]?.assignee ?? user);
  const [name, write] = useState("");
  const reviewers = useAnswer<AdminAnswer<"GET /conflicts/reviewers">>(reviewersPath);
  const assign = useAssign(close);
  const others = (reviewers.data?.items ?? []).filter((one) => one.name !== user);
  const isUnlisted = chosen === somebodyElse;
  const assignee = isUnlisted ? name.trim() : chosen;
  return (
    <FormDialog
      title={say("conflicts.assignTitle")}
      submit={say("conflicts.assign")}
      isReady={!assign.isPending && (!isUnlisted || assignee !== "")}
      error={assign.error}
      onSubmit={() =>
        assign.mutate({ conflicts, assignee: assignee === nobody ? null : assignee, unlisted: isUnlisted })
      }
      close={close}
    >
      <p>{say("conflicts.assignMore", { count: conflicts.length })}</p>
      <ErrorNote error={reviewers.error} />
      <Select
        id="assign-to"
        labelText={say("conflicts.assignee")}
        value={chosen}
        onChange={({ target }) => choose(target.value)}
        data-modal-primary-focus
      >
        <SelectItem value={user} text={say("conflicts.assignMe", { name: user })} />
        {others.map(({ name: reviewer, role, open }) => (
          <SelectItem
            key={reviewer}
            value={reviewer}
            text={say("conflicts.assignOne", {
              name: reviewer,
              role: role === null ? say("conflicts.assignGroup") : sayIfKnown(`role.${role}`),
              open,
            })}
          />
        ))}
        <SelectItem value={somebodyElse} text={say("conflicts.assignOther")} />
        <SelectItem value={nobody} text={say("conflicts.nobody")} />
      </Select>
      {isUnlisted && (
        <TextInput
          id="assign-name"
          labelText={say("conflicts.assignName")}
          helperText={say("conflicts.assignNameHelp")}
          autoComplete="off"
          maxLength={200}
          value={name}
          onChange={({ target }) => write(target.value)}
        />
      )}
    </FormDialog>
  );
}
