import type { ConflictAnswer } from "@tributary/admin-api";
import { useNow } from "../../parts/use-now.ts";
import { useWords } from "../../words/words.tsx";

/** Who decided a conflict, when and why. */
export function ResolutionNote({ conflict: { resolution } }: { readonly conflict: ConflictAnswer }) {
  const { say, ago } = useWords();
  const now = useNow();
  if (!resolution) return null;
  const { by, at, reason } = resolution;
  return <p className="resolution">{say("conflicts.resolvedBy", { by, reason, ago: ago(at, Math.max(at, now)) })}</p>;
}
