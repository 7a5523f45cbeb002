import { PageTitle } from "../../parts/page-title.tsx";
import { ScreenTabs } from "../../parts/screen-tabs.tsx";
import { useWords } from "../../words/words.tsx";
import { ConsumerFailures } from "./consumer-failures.tsx";
import { LinkFailures } from "./link-failures.tsx";

/** All that failed: between this node and its parent, and at the consumers that read its feeds. */
export function FailuresScreen() {
  const { say } = useWords();
  return (
    <>
      <PageTitle title={say("nav.failures")} lead={say("failures.lead")} />
      <ScreenTabs
        label={say("nav.failures")}
        tabs={[
          { name: "link", title: say("failures.tab.link"), content: <LinkFailures /> },
          { name: "consumers", title: say("failures.tab.consumers"), content: <ConsumerFailures /> },
        ]}
      />
    </>
  );
}
