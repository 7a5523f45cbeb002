import { Download } from "@carbon/icons-react";
import { Button } from "@carbon/react";
import { pathWith } from "../../api/path-with.ts";
import { useRight } from "../../app/session.tsx";
import { useWords } from "../../words/words.tsx";
import type { AuditQuery } from "./use-audit-filter.ts";

/** Everything that the filter finds, as a file; the node writes it line by line. */
export function ExportButtons({ query }: { readonly query: AuditQuery }) {
  const { say } = useWords();
  const mayOversee = useRight("oversee");
  if (!mayOversee) return null;
  return (["csv", "ndjson"] as const).map((format) => (
    <Button
      key={format}
      kind="tertiary"
      size="md"
      renderIcon={Download}
      href={`/admin/v1${pathWith("/audit/export", { ...query, format })}`}
    >
      {say(`audit.${format}`)}
    </Button>
  ));
}
