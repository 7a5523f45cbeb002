import { Information } from "@carbon/icons-react";
import { Toggletip, ToggletipButton, ToggletipContent } from "@carbon/react";
import type { AuditEntry } from "@tributary/admin-api";
import { useWords } from "../../words/words.tsx";

/** What of an entry does not fit into its row: its place in the chain, its digest, the operation, and the reason. */
export function AuditDetails({ entry }: { readonly entry: AuditEntry }) {
  const { say, sayError, number } = useWords();
  const { position, chainHash, operationId, error } = entry;
  const told = [
    [say("audit.position"), position === null ? say("audit.notSealed") : number(position)],
    [say("audit.digest"), chainHash ?? "–"],
    [say("audit.operationId"), operationId ?? "–"],
    [say("audit.error"), error === null ? "–" : sayError(error)],
  ];
  return (
    <Toggletip align="left">
      <ToggletipButton label={say("audit.details")}>
        <Information />
      </ToggletipButton>
      <ToggletipContent>
        <dl className="tip">
          {told.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="mono">{value}</dd>
            </div>
          ))}
        </dl>
      </ToggletipContent>
    </Toggletip>
  );
}
