import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";

export function ConflictsScreen() {
  const { say } = useWords();
  return <PageTitle title={say("nav.conflicts")} />;
}
