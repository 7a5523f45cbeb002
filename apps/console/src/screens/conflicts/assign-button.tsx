import { Button } from "@carbon/react";
import type { ConflictAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useWords } from "../../words/words.tsx";
import { AssignDialog } from "./assign-dialog.tsx";

/** Leads to the choice of who is to decide what is open of a record. */
export function AssignButton({ conflicts }: { readonly conflicts: readonly ConflictAnswer[] }) {
  const { say } = useWords();
  const [isChoosing, choose] = useState(false);
  return (
    <>
      <Button size="md" kind="ghost" onClick={() => choose(true)}>
        {say("conflicts.assign")}
      </Button>
      {isChoosing && <AssignDialog conflicts={conflicts} close={() => choose(false)} />}
    </>
  );
}
