import type { Brand } from "./brand.ts";
import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";

/** Names one node of the network for ever; a restored or cloned node keeps it and takes a new incarnation. */
export type NodeId = Brand<string, "NodeId">;

/** A UUID in its 36-character lower-case form. */
export type Uuid = Brand<string, "Uuid">;

const nodeIdPattern = /^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/;

/** Reads a node's name; `undefined` when the text cannot be one (1 to 63 letters, digits, dots or hyphens). */
export function parseNodeId(text: string): NodeId | undefined {
  return nodeIdPattern.test(text) ? (text as NodeId) : undefined;
}

/**
 * Makes a UUID version 7: its first 48 bits are the time, so that rows keyed by it are inserted side by side.
 *
 * Uniqueness rests on the 74 random bits; nothing may read an order out of it. See RFC 9562 §5.7.
 */
export function newUuid(clock: Clock, random: Random): Uuid {
  const time = Math.max(0, Math.floor(clock.now())).toString(16).padStart(12, "0");
  const noise = random.bytes(10);
  noise[0] = (noise[0]! & 0x0f) | 0x70;
  noise[2] = (noise[2]! & 0x3f) | 0x80;
  const tail = Buffer.from(noise.buffer, noise.byteOffset, 10).toString("hex");
  return `${time.slice(0, 8)}-${time.slice(8)}-${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8)}` as Uuid;
}
