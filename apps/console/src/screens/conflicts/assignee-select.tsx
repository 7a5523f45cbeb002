import { Select, SelectItem } from "@carbon/react";
import type { AdminAnswer } from "@tributary/admin-api";
import { useAnswer } from "../../api/use-answer.ts";
import { useRight, useSession } from "../../app/session.tsx";
import { useWords } from "../../words/words.tsx";
import { reviewersPath } from "./assign-dialog.tsx";

/** Leaves only those conflicts in the list that are assigned to somebody, or to nobody. */
export function AssigneeSelect({
  assignee,
  change,
}: {
  readonly assignee: string;
  readonly change: (assignee: string) => void;
}) {
  const { say } = useWords();
  const { user } = useSession();
  const mayReview = useRight("review");
  const reviewers = useAnswer<AdminAnswer<"GET /conflicts/reviewers">>(reviewersPath, { enabled: mayReview });
  const told = (reviewers.data?.items ?? []).filter(({ open }) => open > 0).map(({ name }) => name);
  const others = new Set([...told, assignee].filter((name) => !["", "-", user].includes(name)));
  return (
    <Select
      id="assignee"
      labelText={say("conflicts.assignee")}
      value={assignee}
      onChange={(event) => change(event.target.value)}
    >
      <SelectItem value="" text={say("conflicts.anybody")} />
      <SelectItem value={user} text={say("conflicts.mine")} />
      <SelectItem value="-" text={say("conflicts.nobody")} />
      {[...others].map((name) => (
        <SelectItem key={name} value={name} text={name} />
      ))}
    </Select>
  );
}
