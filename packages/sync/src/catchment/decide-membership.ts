import type { MemberState } from "./members.ts";

/** What a rule's answer does to a patient's membership. */
export type MembershipDecision =
  | { readonly kind: "stays" }
  /** The patient comes in, or comes back: whoever reads the stream fetches the whole compartment. */
  | { readonly kind: "enters" }
  | { readonly kind: "leaves" }
  /** Nothing new is shown until the rule can be evaluated again, and nothing is taken away. */
  | { readonly kind: "is-suspended" };

/**
 * Decides about one patient and one catchment. `holds` is the rule's answer, `undefined` when it could not be evaluated:
 * nobody comes in by such a rule, and who is in sees nothing new until it can.
 */
export function decideMembership(before: MemberState | undefined, holds: boolean | undefined): MembershipDecision {
  const isOut = before === undefined || before === "left";
  if (holds === true) return before === "member" ? { kind: "stays" } : { kind: "enters" };
  if (isOut) return { kind: "stays" };
  if (holds === false) return { kind: "leaves" };
  return before === "suspended" ? { kind: "stays" } : { kind: "is-suspended" };
}
