import * as z from "zod";

/** Milliseconds since 1970. */
export const moment = z.number().int();

/** A moment, or `null` when it never came. */
export const momentOrNever = moment.nullable();

/** Elements of a record as they stand in it; what is in it is no business of this API. */
export const fragment = z.record(z.string(), z.unknown());

/** A page of a list: `next` goes into `after` of the next request, `null` at the end. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable(), total: z.number().int().optional() });
}

/** A list that answers under a name of its own. */
export const nextPage = z.string().nullable();

/** What one element says before and after a change. */
export const elementChange = z.object({ path: z.string(), before: fragment.optional(), after: fragment.optional() });
