/** What a line does to the bytes that go one way over it. What is absent does not happen. */
export interface LineConditions {
  /** How long a byte is on its way once it was sent, and how far that varies to either side. */
  readonly delayMs?: number;
  readonly jitterMs?: number;
  /** Shared by all connections that go this way. */
  readonly bitsPerSecond?: number;
  /** Hands the bytes on in pieces of random size, up to this one. */
  readonly sliceBytesMax?: number;
  readonly breakage?: Breakage;
}

/**
 * How a connection comes to its end: `cut`, closed at both ends; `reset`, closed with a TCP reset; `silence`, half-open:
 * both ends go on believing in it, and nothing arrives any more in either direction.
 */
export type BreakageKind = "cut" | "reset" | "silence";

export interface Breakage {
  readonly kind: BreakageKind;
  /** After so many bytes of a connection, drawn anew for each from the least to the most. */
  readonly afterBytes: readonly [least: number, most: number];
  /** The share of connections that it happens to; all of them if absent. */
  readonly share?: number;
}

/** A kind of line as people quote it: times are there and back. */
export interface LineProfile {
  readonly roundTripMs: number;
  readonly jitterMs: number;
  readonly bitsPerSecond: number;
}

/** The lines of the field. */
export const lineProfiles = {
  "2G": { roundTripMs: 600, jitterMs: 100, bitsPerSecond: 30_000 },
  VSAT: { roundTripMs: 1_200, jitterMs: 200, bitsPerSecond: 100_000 },
  "3G": { roundTripMs: 80, jitterMs: 20, bitsPerSecond: 1_000_000 },
} as const satisfies Readonly<Record<string, LineProfile>>;

/** One direction of a line of some kind: half of the round trip, and the whole bandwidth. */
export function oneWayOf({ roundTripMs, jitterMs, bitsPerSecond }: LineProfile): LineConditions {
  return { delayMs: roundTripMs / 2, jitterMs: jitterMs / 2, bitsPerSecond };
}
