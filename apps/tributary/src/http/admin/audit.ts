import { adminEndpoints, auditQuery } from "@tributary/admin-api";
import type { HttpRequest } from "@tributary/kernel";
import {
  type AuditEntry,
  type AuditFilter,
  acknowledgeTrail,
  auditOperations,
  listAudit,
  readAuditInOrder,
  verifyAuditTrail,
} from "@tributary/runtime";
import { refuse } from "../refuse.ts";
import { maySeePeople } from "./admin-caller.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, readBody, readQuery, unusable } from "./admin-request.ts";
import { auditLines, isAuditFormat } from "./audit-lines.ts";
import { codeOnly } from "./failures.ts";

/** `GET /admin/v1/audit`: a page of who did what to which record, the latest first or the earliest. */
export const listAuditEntries: AdminHandler = (node) => async (request) => {
  const { limit, after, order, ...asked } = readQuery(request, auditQuery);
  const last = after === undefined ? undefined : Number(after);
  if (last !== undefined && !Number.isSafeInteger(last)) throw refuse(unusable, "next-unusable", {});
  const goesOn = last === undefined ? {} : order === "asc" ? { above: last } : { before: last };
  const page = await listAudit(node.database, filterOf(asked), { limit, direction: order, ...goesOn });
  const entries = page.entries.map(shownTo(request));
  return answer({ entries, next: page.next === null ? null : String(page.next) });
};

/** `GET /admin/v1/audit/export`: all that a filter finds as lines, the earliest first, as fast as the client reads. */
export const exportAudit: AdminHandler = (node) => async (request) => {
  const { format, ...asked } = readQuery(request, adminEndpoints["GET /audit/export"].query);
  if (!isAuditFormat(format)) throw refuse(unusable, "audit-format-unknown", {});
  const filter = filterOf(asked);
  const show = shownTo(request);
  async function* shown(): AsyncGenerator<AuditEntry> {
    for await (const entry of readAuditInOrder(node.database, filter)) {
      if (request.signal.aborted) return;
      yield show(entry);
    }
  }
  return {
    status: 200,
    headers: {
      "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8",
      "content-disposition": `attachment; filename="audit-${node.id}.${format}"`,
      "cache-control": "no-store",
    },
    parts: auditLines(shown(), format),
  };
};

/** `POST /admin/v1/audit/verify`: walks every chain that the node holds. */
export const verifyChains: AdminHandler = (node) => async () => {
  const { isSound, own, others } = await verifyAuditTrail(node.database);
  return answer({
    isSound,
    own,
    others: others.map(({ chain, verdict }) => ({
      node: chain.node,
      chain: chain.chain,
      via: chain.via,
      lastToldAt: chain.lastToldAt,
      first: chain.begins.position + 1,
      last: chain.head.position,
      verdict,
      broken: chain.broken,
    })),
  });
};

/** `POST /admin/v1/audit/acknowledge`: ends the warning about a node's trail, with a reason. */
export const acknowledgeChains: AdminHandler = (node) => async (request) => {
  const { node: named, reason } = readBody(request, adminEndpoints["POST /audit/acknowledge"].body);
  const actor = actorOf(request, node);
  const isAcknowledged = await acknowledgeTrail(node.database, { node: named, reason, actor });
  return answer({ node: named, isAcknowledged });
};

/** What somebody typed as a reason is told to those who may see people, codes to everybody. */
function shownTo(request: HttpRequest): (entry: AuditEntry) => AuditEntry {
  if (maySeePeople(request)) return (entry) => entry;
  return (entry) => ({ ...entry, error: codeOnly(entry.error) });
}

interface AskedFilter {
  readonly operation?: string | undefined;
  readonly [key: string]: string | number | undefined;
}

function filterOf({ operation: named, ...filter }: AskedFilter): AuditFilter {
  const operation = auditOperations.find((one) => one === named);
  if (named !== undefined && !operation) {
    throw refuse(unusable, "audit-operation-unknown", { operations: auditOperations.join(", ") });
  }
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as AuditFilter;
  return { ...given, ...(operation ? { operation } : {}) };
}
