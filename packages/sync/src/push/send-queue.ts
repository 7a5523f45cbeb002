import { isDatabaseTrouble } from "@tributary/database";
import { TributaryError } from "@tributary/kernel";
import { askVerdicts } from "./ask-verdicts.ts";
import { CulpritSearch } from "./culprit-search.ts";
import { frontOfQueue, type PackedUnit, packUnits } from "./pack-units.ts";
import type { PushOptions } from "./push-options.ts";
import type { UnitVerdict } from "./push-unit.ts";
import { fixUnits } from "./queue/fix-units.ts";
import { isAnswerToTheRequest, mayLieInTheRequest } from "./request-fault.ts";
import type { PushTally } from "./settle-unit.ts";
import { settleVerdicts } from "./settle-verdicts.ts";
import { stepOver } from "./step-over.ts";
import { strikeGone } from "./strike-gone.ts";

/** Units stepped over in one round; with more of them the trouble is not theirs. */
const steppedOverMax = 5;

/**
 * Sends the queue from its front, request by request, until nothing is left that may be sent. What a unit contains is
 * fixed before it is first sent. Returns the names of the units that were parked.
 *
 * A request that was too large is sent again in smaller parts at once. One that the parent fails on, or finds malformed, while
 * it answers an empty one, is narrowed down to the unit that is to blame, which is stepped over. Any other trouble is thrown,
 * and makes the requests of the next round smaller.
 */
export async function sendQueue(options: PushOptions, tally: PushTally, signal: AbortSignal): Promise<Set<string>> {
  const { database, store, parent, size } = options;
  const parkedNow = new Set<string>();
  const trouble = new RequestTrouble(options);
  for (;;) {
    signal.throwIfAborted();
    const queued = await frontOfQueue(database, parent, trouble.search.limit(size.units), options.plan);
    const packed = await database.snapshot((reader) => packUnits(reader, store, parent, queued, size.bytes));
    if (packed.length === 0) return parkedNow;
    if ((await strikeGone(packed, options)).length < packed.length) continue;
    const units = packed.map((one) => one.queued);
    if (!(await database.transaction((tx) => fixUnits(tx, parent, units)))) continue;
    await trouble.before(packed, signal);
    let verdicts: ReadonlyMap<string, UnitVerdict>;
    try {
      ({ verdicts } = await askVerdicts({ units: packed.map(({ unit }) => unit), ...noQuestions }, options, signal));
    } catch (error) {
      if (isDatabaseTrouble(error) || !(error instanceof TributaryError) || signal.aborted) throw error;
      if (error.code !== "PAYLOAD_TOO_LARGE") await trouble.narrowDown(error, packed, signal);
      else if (!size.failed(packed.length)) await stepOver(packed[0]!.queued, "too-large", options);
      continue;
    }
    await settleVerdicts(units, { verdicts }, options, tally);
    trouble.search.passed(packed.length);
    for (const [operationId, { kind }] of verdicts) if (kind === "parked") parkedNow.add(operationId);
  }
}

const noQuestions = { ask: [], withdraw: [] } as const;

/** What is known, within one round, of requests that failed as a whole. */
class RequestTrouble {
  readonly search = new CulpritSearch();
  readonly #options: PushOptions;
  /** What requests were like before the search began. */
  #sizeBefore: { readonly bytes: number; readonly units: number } | undefined;
  /** Whether the parent has answered an empty request since the first failure. */
  #isParentAlive = false;
  #steppedOver = 0;

  constructor(options: PushOptions) {
    this.#options = options;
  }

  /** Proves that the parent answers, before a unit is sent that may be what silences it. */
  async before(packed: readonly PackedUnit[], signal: AbortSignal): Promise<void> {
    const { size } = this.#options;
    if (packed.length === 1 && size.isSuspect(packed[0]!.unit.operationId)) await this.#probe(signal);
  }

  /** Prepares a smaller request, or steps over the one unit that is left. Throws the error when the trouble lies elsewhere. */
  async narrowDown(error: TributaryError, packed: readonly PackedUnit[], signal: AbortSignal): Promise<void> {
    const { size, budget } = this.#options;
    this.#sizeBefore ??= { bytes: size.bytes, units: size.units };
    if (error.retryable) size.failed(packed.length);
    const alone = packed.length === 1 ? packed[0] : undefined;
    const isProven = alone !== undefined && this.#isParentAlive;
    const isAnswered = isAnswerToTheRequest(error);
    if (isAnswered ? !mayLieInTheRequest(error) : !isProven || !error.retryable) {
      if (alone && !isAnswered && error.retryable) size.failedAlone(alone.unit.operationId);
      throw error;
    }
    if (!budget.spend()) throw error;
    if (!this.#isParentAlive) await this.#probe(signal);
    if (!alone) return this.search.failed(packed.length);
    if (this.#steppedOver === steppedOverMax) throw error;
    this.#steppedOver += 1;
    await stepOver(alone.queued, "transient", this.#options);
    this.search.found();
    size.restore(this.#sizeBefore);
  }

  async #probe(signal: AbortSignal): Promise<void> {
    await askVerdicts({ units: [], ...noQuestions }, this.#options, signal);
    this.#isParentAlive = true;
  }
}
