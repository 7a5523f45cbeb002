import type { AuditEntry } from "@tributary/admin-api";
import type { Tone } from "../../parts/state-tag.tsx";

const tones: Readonly<Record<string, Tone>> = {
  applied: "good",
  merged: "good",
  taken: "good",
  unchanged: "quiet",
  parked: "warning",
  queued: "busy",
  rejected: "bad",
  "outside-catchment": "warning",
};

/** How an entry's outcome is meant. */
export function toneOf({ operation, outcome }: Pick<AuditEntry, "operation" | "outcome">): Tone {
  if (operation === "failed-attempt") return "bad";
  return tones[outcome] ?? "quiet";
}
