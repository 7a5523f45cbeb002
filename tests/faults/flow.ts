import type { Socket } from "node:net";
import type { BreakageKind } from "./line-conditions.ts";
import type { OneWay } from "./one-way.ts";

/** What may be on its way at once before the sender is held back: a small TCP window, several packets of every profile. */
const windowBytes = 32 * 1024;

export interface FlowOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly line: OneWay;
  /** Nothing arrives earlier: the connection is still being made. */
  readonly notBefore: number;
  /** Told of bytes as they arrive. */
  readonly onBytes: (count: number) => void;
  /** Told when the line breaks the connection; whoever is told does the breaking. */
  readonly onBreak: (kind: BreakageKind) => void;
}

/**
 * The bytes of one connection in one direction, late and slow as the line has them, but in order. Once silenced it takes
 * everything and hands on nothing.
 */
export class Flow {
  readonly #options: FlowOptions;
  readonly #breakage: ReturnType<OneWay["drawBreakage"]>;
  /** What is on its way, in the order in which it arrives: TCP keeps it, whatever the jitter. */
  readonly #onItsWay: { readonly at: number; readonly then: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #inFlight = 0;
  #passed = 0;
  #lastArrival = 0;
  #isSilent = false;

  constructor(options: FlowOptions) {
    this.#options = options;
    this.#breakage = options.line.drawBreakage();
    options.from.on("data", (bytes: Buffer) => this.#take(bytes));
    options.from.on("end", () => !this.#isSilent && this.#schedule(0, () => options.to.end()));
  }

  /** Lets nothing through from now on. */
  silence(): void {
    this.#isSilent = true;
    this.stop();
    this.#options.from.resume();
  }

  /** Forgets what is on its way. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#onItsWay.length = 0;
  }

  #take(bytes: Buffer): void {
    if (this.#isSilent) return;
    for (const piece of this.#options.line.pieces(bytes)) {
      this.#inFlight += piece.length;
      this.#schedule(piece.length, () => this.#arrive(piece));
    }
    if (this.#inFlight > windowBytes) this.#options.from.pause();
  }

  #arrive(piece: Buffer): void {
    const { from, to, onBytes, onBreak } = this.#options;
    const left = (this.#breakage?.afterBytes ?? Number.POSITIVE_INFINITY) - this.#passed;
    const passing = piece.length < left ? piece : piece.subarray(0, left);
    this.#passed += passing.length;
    this.#inFlight -= piece.length;
    if (passing.length > 0 && !to.destroyed) to.write(passing);
    onBytes(passing.length);
    if (this.#breakage && piece.length >= left) onBreak(this.#breakage.kind);
    else if (this.#inFlight <= windowBytes) from.resume();
  }

  #schedule(bytes: number, then: () => void): void {
    const { line, notBefore } = this.#options;
    this.#lastArrival = Math.max(this.#lastArrival, line.send(bytes, Math.max(performance.now(), notBefore)));
    this.#onItsWay.push({ at: this.#lastArrival, then });
    this.#await();
  }

  #await(): void {
    const [next] = this.#onItsWay;
    if (!next || this.#timer) return;
    this.#timer = setTimeout(() => this.#handOver(), Math.max(0, next.at - performance.now()));
  }

  #handOver(): void {
    this.#timer = undefined;
    while ((this.#onItsWay[0]?.at ?? Number.POSITIVE_INFINITY) <= performance.now()) this.#onItsWay.shift()?.then();
    this.#await();
  }
}
