import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";

export function NetworkScreen() {
  const { say } = useWords();
  return <PageTitle title={say("nav.network")} />;
}
