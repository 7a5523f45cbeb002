import { auditQuery } from "@tributary/admin-api";
import { auditOperations, listAudit } from "@tributary/runtime";
import { RequestRefused } from "../request-refused.ts";
import { answer, readQuery } from "./admin-request.ts";
import type { AdminHandler } from "./admin-routes.ts";

/** `GET /admin/v1/audit`: a page of who did what to which record, the latest first. */
export const listAuditEntries: AdminHandler = (node) => async (request) => {
  const { limit, after, operation: named, ...filter } = readQuery(request, auditQuery);
  const operation = auditOperations.find((one) => one === named);
  const before = after === undefined ? undefined : Number(after);
  if ((named !== undefined && !operation) || (before !== undefined && !Number.isSafeInteger(before))) {
    const sentence = `after is what a page told as next, and operation one of ${auditOperations.join(", ")}.`;
    throw new RequestRefused({ status: 400, code: "invalid", sentence });
  }
  const page = await listAudit(
    node.database,
    { ...given(filter), ...(operation ? { operation } : {}) },
    { limit, ...(before === undefined ? {} : { before }) },
  );
  return answer({ entries: page.entries, next: page.next === null ? null : String(page.next) });
};

/** Without what was not said. */
function given<Filter extends object>(filter: Filter): { [Key in keyof Filter]?: NonNullable<Filter[Key]> } {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Filter]?: NonNullable<Filter[Key]>;
  };
}
