import type { StreamEntry } from "../stream/stream-entry.ts";

/**
 * Keeps the last entry of each record, in the order of those last entries: an entry says what changed, not how, so N
 * changes of one record need one fetch.
 *
 * Of the movements of a patient into the catchment and out of it the last one counts too, apart from the changes.
 *
 * `collapse([A1, B1, A2]) // [B1, A2]`
 */
export function collapse(entries: readonly StreamEntry[]): StreamEntry[] {
  const last = new Map<string, StreamEntry>();
  for (const entry of entries) {
    const key = `${entry.movement ? "movement of " : ""}${entry.type}/${entry.id}`;
    last.delete(key);
    last.set(key, entry);
  }
  return [...last.values()];
}
