import type { AuditEntry } from "@tributary/admin-api";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { useWords } from "../../words/words.tsx";
import { useAuditPages } from "../audit/use-audit-pages.ts";

/** What was set up, by whom and why, as the trail keeps it. */
export function AuditChanges({
  filter,
}: {
  readonly filter: { readonly operation: "configure" | "enrol"; readonly outcome?: string };
}) {
  const { say, sayOutcome, time } = useWords();
  const pages = useAuditPages(filter);
  const columns: readonly Column<AuditEntry>[] = [
    {
      key: "at",
      title: say("audit.at"),
      cell: ({ at }) => (
        <time className="nowrap" dateTime={new Date(at).toISOString()}>
          {time(at)}
        </time>
      ),
    },
    { key: "node", title: say("audit.node"), cell: ({ node }) => node },
    { key: "who", title: say("audit.who"), cell: ({ actor }) => actor },
    { key: "what", title: say("changes.what"), cell: ({ outcome }) => sayOutcome(outcome) },
    {
      key: "about",
      title: say("changes.about"),
      cell: ({ link, reference, operationId }) => link ?? reference ?? operationId ?? "–",
    },
    { key: "reason", title: say("changes.reason"), cell: ({ error }) => error ?? "–" },
  ];
  return (
    <DataTable
      label={say("setUpScreen.changes")}
      columns={columns}
      pages={pages}
      keyOf={({ node, entryId }) => `${node}-${entryId}`}
      empty={<EmptyState title={say("changes.none")} />}
    />
  );
}
