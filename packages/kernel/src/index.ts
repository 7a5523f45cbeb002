export { assert, assertNever, BrokenPromiseError } from "./assert.ts";
export { type BackoffPlan, nextDelay } from "./backoff.ts";
export type { Brand } from "./brand.ts";
export { type Clock, systemClock } from "./clock.ts";
export { type ErrorCode, type ErrorEntry, errorCatalogue } from "./errors/catalogue.ts";
export {
  type SentenceTable,
  type ToldSentence,
  type ToldValue,
  tellSentence,
  type ValuesOf,
} from "./errors/told-sentence.ts";
export { isErrorCode, TributaryError } from "./errors/tributary-error.ts";
export type { HttpHandler, HttpRequest, HttpResponse } from "./http-handler.ts";
export { type NodeId, newUuid, parseNodeId, type Uuid } from "./identifiers.ts";
export { type LogFields, type Logger, silentLogger } from "./logger.ts";
export { type Random, seededRandom, systemRandom } from "./random.ts";
export { type RoundOutcome, WorkerLoop, type WorkerLoopOptions } from "./worker-loop.ts";
