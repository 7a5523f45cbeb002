import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";

export function NodeScreen() {
  const { say } = useWords();
  return <PageTitle title={say("nav.node")} />;
}
