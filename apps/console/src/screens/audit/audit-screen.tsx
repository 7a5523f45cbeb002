import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";
import { AuditFilters } from "./audit-filters.tsx";
import { AuditTable } from "./audit-table.tsx";
import { ChainCheck } from "./chain-check.tsx";
import { ExportButtons } from "./export-buttons.tsx";
import { useAuditFilter } from "./use-audit-filter.ts";

/** Who did what to which record: found, exported, and held against its chains. */
export function AuditScreen() {
  const { say } = useWords();
  const filter = useAuditFilter();
  return (
    <>
      <PageTitle title={say("nav.audit")} lead={say("audit.lead")}>
        <ExportButtons query={filter.query} />
      </PageTitle>
      <ChainCheck />
      <AuditFilters filter={filter} />
      <AuditTable query={filter.query} />
    </>
  );
}
