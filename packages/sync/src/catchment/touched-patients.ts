import type { Transaction } from "@tributary/database";
import type { ResourceKey } from "@tributary/fhir";
import type { PlaceSource } from "./rule/patient-facts.ts";
import type { PlaceTree } from "./rule/place-tree.ts";

/** What one transaction has done to the records of one patient. */
export interface NotedPatient {
  /** Types of the written records, new visits left out. */
  readonly types: Set<string>;
  /** New records that put the patient at further places and cannot have taken any away. */
  readonly visits: { readonly source: PlaceSource; readonly resource: object }[];
}

/** What one transaction has done that rules may judge, and what was found out about it. */
export interface Noted {
  /** The patients whose records were written, by id. */
  patients: Map<string, NotedPatient>;
  groups: { readonly key: ResourceKey; readonly version: number }[];
  moved: { readonly key: ResourceKey; readonly former: string; readonly patient: string | null }[];
  hasPlaces: boolean;
  /** The places as this transaction makes them, once it has written any: nobody else may see them before the commit. */
  places: PlaceTree | undefined;
  /** The streams of each patient who is in some catchment, once they are known. */
  readonly streams: Map<string, readonly string[]>;
  /** The types that every child may have, once they are known. */
  readonly metadataTypes: Set<string>;
}

/**
 * Keeps the notes of each transaction, its savepoints included, until it ends. A savepoint that is undone leaves its notes
 * behind: to decide about a patient once more changes nothing.
 */
export class TouchedPatients {
  readonly #open = new Map<string, { readonly noted: Noted; readonly levels: Set<Transaction> }>();

  of(tx: Transaction): Noted {
    let open = this.#open.get(tx.id);
    if (!open) {
      open = { noted: nothingYet(), levels: new Set() };
      this.#open.set(tx.id, open);
    }
    const { noted, levels } = open;
    if (!levels.has(tx)) {
      levels.add(tx);
      tx.afterCommit(() => void this.#open.delete(tx.id));
      tx.afterRollback(() => {
        levels.delete(tx);
        if (levels.size === 0) this.#open.delete(tx.id);
      });
    }
    return noted;
  }

  /** What was noted since it was last taken, be it nothing; `undefined` for a transaction that has written no record. */
  take(tx: Transaction): Noted | undefined {
    const noted = this.#open.get(tx.id)?.noted;
    if (!noted) return undefined;
    const { patients, groups, moved, hasPlaces } = noted;
    Object.assign(noted, { patients: new Map(), groups: [], moved: [], hasPlaces: false });
    return { ...noted, patients, groups, moved, hasPlaces };
  }
}

function nothingYet(): Noted {
  return {
    patients: new Map(),
    groups: [],
    moved: [],
    hasPlaces: false,
    places: undefined,
    streams: new Map(),
    metadataTypes: new Set(),
  };
}
