import type { Random } from "@tributary/kernel";
import type { LineConditions } from "./line-conditions.ts";

/** What a network hands on at a time: the payload of a packet on most lines. */
const packetBytes = 1_400;
const bitsPerByte = 8;
const millisecondsPerSecond = 1_000;

/** One direction of a line: when what is sent into it comes out. All connections share its bandwidth. */
export class OneWay {
  conditions: LineConditions;
  readonly #random: Random;
  #isFreeAt = 0;

  constructor(conditions: LineConditions, random: Random) {
    this.conditions = conditions;
    this.#random = random;
  }

  /** Takes the line for some bytes, behind all that was sent before, and tells when they arrive. */
  send(bytes: number, now: number): number {
    const { bitsPerSecond } = this.conditions;
    const tookMs = bitsPerSecond ? (bytes * bitsPerByte * millisecondsPerSecond) / bitsPerSecond : 0;
    this.#isFreeAt = Math.max(now, this.#isFreeAt) + tookMs;
    return this.#isFreeAt + this.delay();
  }

  /** How long something without size is on its way, this time. */
  delay(): number {
    const { delayMs = 0, jitterMs = 0 } = this.conditions;
    return Math.max(0, delayMs + (jitterMs === 0 ? 0 : (this.#random.next() * 2 - 1) * jitterMs));
  }

  /** Takes bytes apart into what travels together. */
  *pieces(bytes: Buffer): Generator<Buffer> {
    const { sliceBytesMax, bitsPerSecond } = this.conditions;
    if (!sliceBytesMax && !bitsPerSecond) {
      yield bytes;
      return;
    }
    for (let at = 0; at < bytes.length; ) {
      const size = sliceBytesMax ? 1 + Math.floor(this.#random.next() * sliceBytesMax) : packetBytes;
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }

  /** After how many bytes a new connection is to break, and how; `undefined` when it is spared. */
  drawBreakage(): { readonly kind: "cut" | "reset" | "silence"; readonly afterBytes: number } | undefined {
    const { breakage } = this.conditions;
    if (!breakage || this.#random.next() >= (breakage.share ?? 1)) return undefined;
    const [least, most] = breakage.afterBytes;
    return { kind: breakage.kind, afterBytes: Math.floor(least + this.#random.next() * (most - least)) };
  }
}
