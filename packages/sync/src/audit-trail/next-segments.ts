import type { ChainPlace } from "@tributary/audit";
import {
  type ForeignChain,
  listForeignChains,
  readForeignSegment,
  readOwnHead,
  readOwnSegment,
  type TrailSegment,
} from "@tributary/audit";
import type { Reader } from "@tributary/database";
import { type OwnMarker, readOwnMarker, readRelayMarkers, relayName } from "./audit-markers.ts";
import { sizeOnLine, trailEntriesMax, trailSegmentsMax } from "./trail-message.ts";

/** What the parent is to be told next. */
export type NextSegments =
  | { readonly kind: "segments"; readonly own: OwnTelling | undefined; readonly relayed: readonly Relaying[] }
  /** The own trail was tampered with: it goes on in a further chain after a place. */
  | { readonly kind: "own-broken"; readonly position: number; readonly goOnAfter: ChainPlace };

export interface OwnTelling {
  readonly segment: TrailSegment;
  readonly marker: OwnMarker;
}

export interface Relaying {
  readonly segment: TrailSegment;
  readonly chain: ForeignChain;
}

/**
 * Reads what the parent does not have yet: the own trail first, then what others told here, up to so many characters and
 * at least one entry. Empty when everything is told.
 */
export async function readNextSegments(reader: Reader, parent: string, charactersMax: number): Promise<NextSegments> {
  const room = new Room(charactersMax);
  const marker = await readOwnMarker(reader, parent);
  let own: OwnTelling | undefined;
  if ((await readOwnHead(reader)).position > marker.told.position) {
    const chain = marker.chain ?? undefined;
    const read = await readOwnSegment(reader, marker.told, { chain, limit: room.entries });
    if (read.kind === "broken") return { kind: "own-broken", position: read.position, goOnAfter: read.goOnAfter };
    if (read.kind === "segment") {
      const count = room.take(read.segment);
      own = { marker, segment: await cut(read.segment, count, () => reread(count)) };
    }
  }
  const relayed = await readRelayed(reader, parent, room);
  return { kind: "segments", own, relayed };

  async function reread(limit: number): Promise<TrailSegment | undefined> {
    const read = await readOwnSegment(reader, marker.told, { chain: marker.chain ?? undefined, limit });
    return read.kind === "segment" ? read.segment : undefined;
  }
}

async function readRelayed(reader: Reader, parent: string, room: Room): Promise<Relaying[]> {
  const chains = await listForeignChains(reader);
  if (chains.length === 0) return [];
  const markers = await readRelayMarkers(reader, parent);
  const relayed: Relaying[] = [];
  for (const chain of chains) {
    if (room.isFull || relayed.length === trailSegmentsMax - 1) break;
    const marker = markers.get(relayName(chain));
    const position = Math.max(marker?.position ?? 0, chain.begins.position);
    if (chain.head.position <= position || marker?.refusedAtHead === chain.head.position) continue;
    const segment = await readForeignSegment(reader, chain, position, room.entries);
    if (!segment) continue;
    const count = room.take(segment);
    relayed.push({
      chain,
      segment: await cut(segment, count, () => readForeignSegment(reader, chain, position, count)),
    });
  }
  return relayed;
}

/** A shorter segment is read again, since its last hash is another. */
async function cut(
  segment: TrailSegment,
  count: number,
  reread: () => Promise<TrailSegment | undefined>,
): Promise<TrailSegment> {
  return count === segment.entries.length ? segment : ((await reread()) ?? segment);
}

/** Entries read at a time; what does not fit is read again by the next request. */
const entriesAtOnce = 5_000;

/** How much a request can still carry. */
class Room {
  #characters: number;
  #entries = trailEntriesMax;

  constructor(characters: number) {
    this.#characters = characters;
  }

  get isFull(): boolean {
    return this.#characters <= 0 || this.#entries === 0;
  }

  /** How many entries are worth reading. */
  get entries(): number {
    return Math.min(entriesAtOnce, this.#entries);
  }

  /** How many entries of a segment fit, at least one. */
  take({ entries }: TrailSegment): number {
    let count = 0;
    for (const entry of entries) {
      const size = sizeOnLine(entry);
      if (count > 0 && this.#characters < size) {
        this.#characters = 0;
        break;
      }
      this.#characters -= size;
      count += 1;
    }
    this.#entries -= count;
    return count;
  }
}
