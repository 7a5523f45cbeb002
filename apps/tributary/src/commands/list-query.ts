import type { AdminEndpoint, AdminInput } from "@tributary/admin-api";
import type { Terminal } from "../terminal.ts";

/** What a list of the admin API takes, as it is typed. */
export interface ListOptions<Sort extends string = never> {
  readonly limit?: string;
  readonly after?: string;
  readonly sort?: Sort;
  readonly order?: "asc" | "desc";
  readonly find?: string;
}

/** By what a list of the admin API can be sorted: `SortOf<"GET /network">`. */
export type SortOf<List extends AdminEndpoint> =
  AdminInput<List> extends { readonly query?: { readonly sort?: infer Sort } } ? Extract<Sort, string> : never;

/** The parameters by which the API is asked; it says itself what it cannot use. */
export function listQueryOf<Sort extends string>({ limit, after, sort, order, find }: ListOptions<Sort>) {
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(after === undefined ? {} : { after }),
    ...(sort === undefined ? {} : { sort }),
    ...(order === undefined ? {} : { order }),
    ...(find === undefined ? {} : { q: find }),
  };
}

/** Says how the list goes on, where it does. */
export function tellMore({ next }: { readonly next: string | null }, terminal: Terminal): void {
  if (next === null) return;
  terminal.note(`There are more: --after ${/^[\w.-]+$/.test(next) ? next : `'${next.replaceAll("'", `'\\''`)}'`}`);
}
