import { ContentSwitcher, Switch } from "@carbon/react";
import { useState } from "react";
import { useWords } from "../../words/words.tsx";
import { AuditChanges } from "./audit-changes.tsx";

/** The operations by which a node is set up. */
const kinds = ["configure", "enrol"] as const;

/** The history of what was set up: users, rules, catchments and settings, or who was let in. */
export function ChangesTab() {
  const { say } = useWords();
  const [kind, choose] = useState<(typeof kinds)[number]>("configure");
  return (
    <>
      <div className="filters">
        <p className="filters__search">{say("changes.lead")}</p>
        <ContentSwitcher
          className="filters__switch"
          size="md"
          aria-label={say("changes.kind")}
          selectedIndex={kinds.indexOf(kind)}
          onChange={({ name }) => choose(name as (typeof kinds)[number])}
        >
          {kinds.map((one) => (
            <Switch key={one} name={one} text={say(`operation.${one}`)} />
          ))}
        </ContentSwitcher>
      </div>
      <AuditChanges filter={{ operation: kind }} />
    </>
  );
}
