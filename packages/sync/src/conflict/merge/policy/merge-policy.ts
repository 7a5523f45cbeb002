import type { JsonObject } from "@tributary/fhir";
import type { ContestReason } from "../contested-element.ts";

/**
 * What happens to an element that both sides changed differently. What only one side changed is taken by every policy.
 *
 * - `merge`: as far down as the parts can be told apart; what then still clashes is contested.
 * - `manual`: contested as a whole, whatever its parts.
 * - `parent-wins`, `child-wins`: decided, and the value that gave way is kept in a settled entry.
 * - `latest-wins`: decided for what arrived last, which is the child's. No clock is asked.
 */
export type MergePolicy = (typeof mergePolicies)[number];

/** The words that a policy table may use. */
export const mergePolicies = ["merge", "manual", "parent-wins", "child-wins", "latest-wins"] as const;

/** One line of the policy table. */
export interface PolicyRule {
  /** A resource type, or `*` for all. */
  readonly type: string;
  /**
   * An element below the resource, without keys: `birthDate`, `contact.telecom`, `deceased`; it covers what is inside
   * it. `*` is every element by itself. Without it the rule is for the whole record as one thing, and is asked first.
   */
  readonly element?: string;
  readonly policy: MergePolicy | MergeStrategy;
}

/** An element that both sides changed differently, as a strategy sees it. Values are fragments, as when contested. */
export interface Clash {
  readonly type: string;
  /** Empty for the whole record. */
  readonly elements: readonly string[];
  readonly path: string;
  readonly because: ContestReason;
  /** `undefined` when the element was absent, or when nothing is known of it. */
  readonly base: JsonObject | undefined;
  readonly mine: JsonObject | undefined;
  readonly theirs: JsonObject | undefined;
}

/**
 * A rule in code. It must be a pure function of the clash, or the two ends of a link come to different records.
 *
 * It may take a side, put in a fragment of its own (`undefined` for nothing), contest the element and say which side is
 * shown, or hand it back with `merge` to be treated as if there were no rule.
 */
export type MergeStrategy = (clash: Clash) => StrategyAnswer;

/** What a site's own rule says of a clash: a side, a value, a conflict that shows one side, or that it has no opinion. */
export type StrategyAnswer =
  | { readonly kind: "take"; readonly side: "mine" | "theirs" }
  | { readonly kind: "put"; readonly fragment: JsonObject | undefined }
  | { readonly kind: "contest"; readonly show: "mine" | "theirs" }
  | { readonly kind: "merge" };
