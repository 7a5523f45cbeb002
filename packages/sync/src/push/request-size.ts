import { batchBytesFirst, batchBytesMin, nextBatchBytes } from "../pull/batch-size.ts";
import { pushUnitsMax } from "./push-batch.ts";

/**
 * How much one request of a push carries. It belongs to the line and outlives a round, so that what fails as a whole
 * is asked with less the next time, down to one unit: first fewer bytes, then fewer units.
 */
export class RequestSize {
  #bytes = batchBytesFirst;
  #units = pushUnitsMax;

  get bytes(): number {
    return this.#bytes;
  }

  get units(): number {
    return this.#units;
  }

  /** A request was answered. */
  answered(tookMs: number): void {
    this.#bytes = nextBatchBytes(this.#bytes, { tookMs });
    this.#units = Math.min(pushUnitsMax, this.#units * 2);
  }

  /** A request of so many units failed as a whole. Tells whether the next can be smaller. */
  failed(units: number): boolean {
    if (this.#bytes > batchBytesMin) this.#bytes = nextBatchBytes(this.#bytes, "failed");
    else this.#units = Math.max(1, Math.floor(units / 2));
    return units > 1;
  }
}
