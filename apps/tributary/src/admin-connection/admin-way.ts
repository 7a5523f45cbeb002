import type { AdminFetch } from "@tributary/admin-api";

/** A way to a node; `base` is where its admin API stands. */
export interface AdminWay extends AsyncDisposable {
  readonly fetch: AdminFetch;
  readonly base: string;
}
