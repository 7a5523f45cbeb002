import type { StreamEntry } from "../stream/stream-entry.ts";

/** Tells of an entry whether its patient leaves later in the same stretch: what it announces is not shown any more. */
export function whoLeaves(entries: readonly StreamEntry[]): (entry: StreamEntry) => boolean {
  const leftAt = new Map<string, number>();
  for (const { movement, type, id, position } of entries)
    if (movement === "exit") leftAt.set(`${type}/${id}`, position);
  return ({ movement, type, id, orderKey, position }) =>
    movement === undefined &&
    [orderKey ?? "", `${type}/${id}`].some((name) => position < (leftAt.get(name) ?? Number.NEGATIVE_INFINITY));
}
