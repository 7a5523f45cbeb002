import type { ConflictDetail } from "@tributary/admin-api";
import { useWords } from "../../words/words.tsx";
import { DifferenceTable } from "./difference-table.tsx";

/** The record as it was, as each side had it and as it is now, as far as they are not alike. */
export function WholeRecord({ detail: { bodies, currentVersion } }: { readonly detail: ConflictDetail }) {
  const { say } = useWords();
  return (
    <details className="payload section">
      <summary>{say("conflicts.whole")}</summary>
      <p className="quiet spaced">{say("conflicts.wholeHelp")}</p>
      <DifferenceTable
        label={say("conflicts.whole")}
        sides={[
          { key: "base", title: say("conflicts.base"), fragment: bodies.base },
          { key: "parent", title: say("conflicts.parent"), fragment: bodies.parent },
          { key: "child", title: say("conflicts.child"), fragment: bodies.child },
          { key: "current", title: say("conflicts.now", { version: currentVersion ?? "–" }), fragment: bodies.current },
        ]}
      />
    </details>
  );
}
