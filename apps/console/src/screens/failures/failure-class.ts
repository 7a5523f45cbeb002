import type { FailureAnswer } from "@tributary/admin-api";
import type { Tone } from "../../parts/state-tag.tsx";

/** The classes of failures, the most frequent cause for a person's help first. */
export const failureClasses: readonly FailureAnswer["class"][] = [
  "invalid",
  "dependency",
  "transient",
  "forbidden",
  "too-large",
  "unknown-type",
];

/** What waits mends itself often; what was refused needs a hand. */
export const toneOfClass: Readonly<Record<FailureAnswer["class"], Tone>> = {
  transient: "busy",
  dependency: "warning",
  invalid: "bad",
  forbidden: "bad",
  "too-large": "bad",
  "unknown-type": "bad",
};
