import type { Reader } from "@tributary/database";
import { type ResourceKey, referenceTo } from "@tributary/fhir";
import { everythingStream } from "../protocol.ts";

/**
 * What one child may see of this node. Everything that a child is told (entries, bodies, conflicts, counts, verdicts) is
 * asked here first; what is not allowed is denied.
 */
export interface Visibility {
  /** The catchment that the child is assigned to; `undefined` for none, which sees nothing. */
  readonly catchment: string | undefined;
  /** Whether nothing is kept from it, so that a caller may leave questions out. */
  readonly isEverything: boolean;
  /** The stream that announces the child's records. */
  readonly mainStream: string;
  /** Every stream that the child may read, the main one included. */
  readonly streams: ReadonlySet<string>;
  /** Of some records those, as `Type/id`, whose content the child may have now. */
  mayRead(reader: Reader, keys: readonly ResourceKey[]): Promise<ReadonlySet<string>>;
  /** Patients in the child's catchment by id, at most `limit` of them behind `after`; not to be asked of one that sees everything. */
  patients(reader: Reader, after: string | undefined, limit: number): Promise<readonly string[]>;
}

/** What a child may see now. Read it anew for each request: an operator may change it at any time. */
export async function visibilityOf(_reader: Reader, _node: string): Promise<Visibility> {
  return {
    catchment: everythingStream,
    isEverything: true,
    mainStream: everythingStream,
    streams: new Set([everythingStream]),
    mayRead: async (_, keys) => new Set(keys.map(referenceTo)),
    patients: async () => [],
  };
}
