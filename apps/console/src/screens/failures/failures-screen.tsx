import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";

export function FailuresScreen() {
  const { say } = useWords();
  return <PageTitle title={say("nav.failures")} />;
}
