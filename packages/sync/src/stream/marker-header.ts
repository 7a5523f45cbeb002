import type { StreamPlace } from "./stream-place.ts";

/** Header in which a child tells how far it has read. */
export const markerHeader = "tributary-marker";

export function writeMarkerHeader({ epoch, position, entryDigest }: StreamPlace): string {
  return `${epoch}:${position}:${entryDigest ?? ""}`;
}

/** Reads the header; `undefined` when it is missing or no marker. */
export function parseMarkerHeader(text: string | undefined): StreamPlace | undefined {
  const found = /^([\w-]{1,64}):(\d{1,15}):([\w-]{0,22})$/.exec(text ?? "");
  return found ? { epoch: found[1]!, position: Number(found[2]), entryDigest: found[3] || null } : undefined;
}
