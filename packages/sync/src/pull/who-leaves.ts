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

/** Tells of an entry by which a record leaves alone whether the record is told of again later in the same stretch: it has come back. */
export function whichReturn(entries: readonly StreamEntry[]): (entry: StreamEntry) => boolean {
  const toldAt = new Map(
    entries
      .filter(({ movement }) => movement === undefined)
      .map(({ type, id, position }) => [`${type}/${id}`, position] as const),
  );
  return ({ movement, type, id, position }) =>
    movement === "exit" && type !== "Patient" && position < (toldAt.get(`${type}/${id}`) ?? Number.NEGATIVE_INFINITY);
}
