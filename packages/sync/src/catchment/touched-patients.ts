import type { Transaction } from "@tributary/database";
import type { ResourceKey } from "@tributary/fhir";

/** What one transaction has done that rules may judge, and what was found out about it. */
export interface Noted {
  /** Patients whose records were written, and whether the Patient itself was. */
  patients: Map<string, boolean>;
  /** Types of the written records that are in a compartment, Patient left out. */
  types: Set<string>;
  groups: { readonly key: ResourceKey; readonly version: number }[];
  moved: { readonly key: ResourceKey; readonly former: string; readonly patient: string | null }[];
  hasPlaces: boolean;
  /** The catchments' streams of each patient, once they are known. */
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

  /** What was noted since it was last taken; `undefined` for nothing. */
  take(tx: Transaction): Noted | undefined {
    const noted = this.#open.get(tx.id)?.noted;
    if (!noted) return undefined;
    const { patients, types, groups, moved, hasPlaces } = noted;
    if (patients.size === 0 && groups.length === 0 && moved.length === 0 && !hasPlaces) return undefined;
    Object.assign(noted, { patients: new Map(), types: new Set(), groups: [], moved: [], hasPlaces: false });
    return { ...noted, patients, types, groups, moved, hasPlaces };
  }
}

function nothingYet(): Noted {
  return {
    patients: new Map(),
    types: new Set(),
    groups: [],
    moved: [],
    hasPlaces: false,
    streams: new Map(),
    metadataTypes: new Set(),
  };
}
