import { batchBytesFirst, batchBytesMin, nextBatchBytes } from "../pull/batch-size.ts";
import { pushUnitsMax } from "./push-batch.ts";

/** After so many failures alone, without an answer, a unit is suspected of breaking the line or the parent. */
const aloneFailuresMax = 3;

/**
 * How much one request of a push carries. It belongs to the line and outlives a round, so that what fails as a whole
 * is asked with less the next time, down to one unit: first fewer bytes, then fewer units.
 */
export class RequestSize {
  #bytes = batchBytesFirst;
  #units = pushUnitsMax;
  #alone: { readonly operationId: string; readonly failures: number } | undefined;

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
    this.#alone = undefined;
  }

  /** A request of so many units failed as a whole. Tells whether the next can be smaller. */
  failed(units: number): boolean {
    if (this.#bytes > batchBytesMin) this.#bytes = nextBatchBytes(this.#bytes, "failed");
    else this.#units = Math.max(1, Math.floor(units / 2));
    return units > 1;
  }

  /** A request with this unit alone had no answer. */
  failedAlone(operationId: string): void {
    const failures = this.#alone?.operationId === operationId ? this.#alone.failures : 0;
    this.#alone = { operationId, failures: failures + 1 };
  }

  /** Whether a unit has been without an answer so often that it may be the cause. */
  isSuspect(operationId: string): boolean {
    return this.#alone?.operationId === operationId && this.#alone.failures >= aloneFailuresMax;
  }

  /** A single unit was to blame for the last failures: requests may be as large as they were before them. */
  restore(before: { readonly bytes: number; readonly units: number }): void {
    this.#bytes = before.bytes;
    this.#units = before.units;
    this.#alone = undefined;
  }
}
