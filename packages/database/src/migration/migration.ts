import type { Dialect } from "../sql.ts";
import type { ColumnTypes } from "./column-types.ts";

/** One forward step of a schema. Once released it never changes; the next step mends it. */
export interface Migration {
  /** `package/number-title`, unique in the whole timeline. */
  readonly id: `${string}/${number}-${string}`;
  /** The statements of this step, run in one transaction. */
  statements(types: ColumnTypes, dialect: Dialect): readonly string[];
}
