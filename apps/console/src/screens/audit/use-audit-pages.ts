import type { AuditEntry } from "@tributary/admin-api";
import { usePages } from "../../api/use-pages.ts";
import type { Sorting } from "../../parts/use-sorting.ts";
import type { AuditQuery } from "./use-audit-filter.ts";

interface AuditAnswer {
  readonly entries: readonly AuditEntry[];
  readonly next: string | null;
}

/** Pages of the trail, the latest entries first unless the earliest are asked for. */
export function useAuditPages(query: Partial<AuditQuery> & { readonly order?: Sorting["order"] }) {
  return usePages("/audit", query, ({ entries }: AuditAnswer) => entries);
}
