/** The store's tables that a search joins, and the tables of the index, as statements composed at run time see them. */
export interface SearchTables {
  readonly resource: ResourceRow;
  readonly resource_version: ResourceVersionRow;
  readonly search_token: IndexRow & { readonly system: number; readonly code: string };
  readonly search_string: IndexRow & { readonly folded: string; readonly exact: number };
  readonly search_reference: IndexRow & { readonly target_type: string; readonly target_id: string };
  readonly search_date: IndexRow & { readonly low: number; readonly high: number };
  readonly search_quantity: IndexRow & {
    readonly low: number;
    readonly high: number;
    readonly system: number;
    readonly code: string;
    readonly unit: string | null;
  };
}

interface ResourceRow {
  readonly resource_key: number;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly last_updated: number;
  readonly is_deleted: number;
}

interface ResourceVersionRow {
  readonly version_key: number;
  readonly resource_key: number;
  readonly type: string;
  readonly version: number;
  readonly last_updated: number;
  readonly operation: string;
  readonly body: string | null;
}

interface IndexRow {
  readonly resource_key: number;
  /** The number of the path that the value was found at; see `IndexedPath`. */
  readonly path: number;
  /** Counts the values of one resource. */
  readonly position: number;
}
