import type { ConflictAnswer } from "@tributary/admin-api";
import { StateTag, type Tone } from "../../parts/state-tag.tsx";
import { useWords } from "../../words/words.tsx";

const tones: Readonly<Record<ConflictAnswer["state"], Tone>> = {
  open: "warning",
  resolved: "good",
  superseded: "quiet",
  settled: "good",
};

/** Where a conflict stands, in words and colour. */
export function ConflictStateTag({ state }: { readonly state: ConflictAnswer["state"] }) {
  const { say } = useWords();
  return <StateTag tone={tones[state]} text={say(`conflicts.state.${state}`)} />;
}
