/** Header in which a child tells how far it has read. */
export const markerHeader = "tributary-marker";

/** A child's marker as its parent is told it. */
export interface ToldMarker {
  readonly epoch: string;
  readonly position: number;
  /** Digest of the entry at the position; `null` at the beginning. */
  readonly entryDigest: string | null;
}

export function writeMarkerHeader({ epoch, position, entryDigest }: ToldMarker): string {
  return `${epoch}:${position}:${entryDigest ?? ""}`;
}

/** Reads the header; `undefined` when it is missing or no marker. */
export function parseMarkerHeader(text: string | undefined): ToldMarker | undefined {
  const found = /^([\w-]{1,64}):(\d{1,15}):([\w-]{0,22})$/.exec(text ?? "");
  return found ? { epoch: found[1]!, position: Number(found[2]), entryDigest: found[3] || null } : undefined;
}
