import * as z from "zod";

/** Items of one page when nothing is said, and at the most. */
const pageItems = { standard: 100, most: 500 } as const;

/** What every list takes: how many items, and `next` of the page before. */
export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(pageItems.most).default(pageItems.standard),
  after: z.string().max(200).optional(),
});

/** `GET /admin/v1/audit`; times are milliseconds since 1970. */
export const auditQuery = listQuery.extend({
  actor: z.string().max(200).optional(),
  node: z.string().max(200).optional(),
  reference: z.string().max(200).optional(),
  operation: z.string().max(200).optional(),
  outcome: z.string().max(200).optional(),
  since: z.coerce.number().int().optional(),
  until: z.coerce.number().int().optional(),
});
