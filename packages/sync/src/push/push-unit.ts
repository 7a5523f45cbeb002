import type { RecordOrigin } from "./record-origin.ts";

/** One record of a unit, as it is sent to the parent. */
export interface PushedRecord {
  readonly type: string;
  readonly id: string;
  /** The child's own version that is sent. */
  readonly version: number;
  /** The stored text, or `null` when the record was deleted. */
  readonly body: string | null;
  readonly bodyHash: string | null;
  /** The parent's version that both last knew to be in step with; `null` when the record began here. */
  readonly baseVersion: number | null;
  /** What the base's content was, as a stream entry tells it; a restored parent has given the number to another one. */
  readonly baseDigest: string | null;
  /** The body that this edit was made on, when it is not the one that the parent has as `baseVersion`. */
  readonly baseBody: string | null;
  /** Whether both ends have agreed on a later version meanwhile, so that this one is to change nothing any more. */
  readonly isSuperseded: boolean;
  /** Who first wrote it, when that was not the sender. */
  readonly origin: RecordOrigin | null;
  /** On whose behalf it was written there, when that is known. */
  readonly author: string | null;
  /** When it was written there, by the sender's clock; for people to read. */
  readonly writtenAt: number | null;
}

/** What was changed together and is taken in together: whole, or not at all. */
export interface PushUnit {
  /** `node.incarnation:counter`: names this unit for ever, so that it takes effect once however often it is sent. */
  readonly operationId: string;
  readonly records: readonly PushedRecord[];
}

/** How the push of one record ended. */
export type RecordOutcome = "applied" | "unchanged" | "merged";

/** What the parent did with one record. */
export interface RecordVerdict {
  readonly type: string;
  readonly id: string;
  readonly outcome: RecordOutcome;
  /** The parent's version now. */
  readonly version: number;
  /** The parent's body now, when it is not the one that was sent; `null` for a deletion. */
  readonly body?: string | null;
  /** The conflicts that the merge has left open. */
  readonly conflicts: number;
}

/** Why a parent refuses a unit for good: what is in it, who asks, how large it is, or a type it does not know. */
export type RefusalClass = "invalid" | "forbidden" | "too-large" | "unknown-type";

/** What the parent did with a unit. It is kept under the operation's name and told again to whoever asks again. */
export type UnitVerdict =
  | { readonly kind: "taken"; readonly records: readonly RecordVerdict[] }
  /** Taken all the same, though its patient is not the child's any more; merged bodies are not told. */
  | { readonly kind: "outside-catchment"; readonly records: readonly RecordVerdict[] }
  /** Kept until the records that it refers to, `Type/id`, are there: the only verdict that another one replaces. */
  | { readonly kind: "parked"; readonly missing: readonly string[] }
  | { readonly kind: "rejected"; readonly reason: string; readonly class?: RefusalClass }
  /** Taken back by the child before it took effect; it never will. */
  | { readonly kind: "withdrawn" };
