import * as z from "zod";

/** Items of one page when nothing is said, and at the most. */
const pageItems = { standard: 100, most: 500 } as const;

/** Characters of a place in a list: the name of an item and what the list is sorted by, addresses of feeds among them. */
const placeLengthMax = 1_000;

/** What every list takes: how many items, and `next` of the page before, which was sorted in the same way. */
export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(pageItems.most).default(pageItems.standard),
  after: z.string().max(placeLengthMax).optional(),
});

/** Which way a list is sorted. */
export const order = z.enum(["asc", "desc"]);

/** What every list that can be searched and sorted takes: a part of a name, and by which of `keys` it is sorted. */
export function sortedListQuery<const Keys extends readonly [string, ...string[]]>(keys: Keys) {
  return listQuery.extend({
    /** A part of a name. */
    q: z.string().max(200).optional(),
    sort: z.enum(keys).default(keys[0] as never),
    order: order.default("asc"),
  });
}

/** `GET /admin/v1/audit`; times are milliseconds since 1970. */
export const auditQuery = listQuery.extend({
  actor: z.string().max(200).optional(),
  node: z.string().max(200).optional(),
  reference: z.string().max(200).optional(),
  operation: z.string().max(200).optional(),
  outcome: z.string().max(200).optional(),
  since: z.coerce.number().int().optional(),
  until: z.coerce.number().int().optional(),
  /** The latest first when nothing is said. */
  order: order.default("desc"),
});
