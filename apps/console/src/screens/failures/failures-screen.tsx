import { Tab, TabList, TabPanel, TabPanels, Tabs } from "@carbon/react";
import { useSearchParameter } from "../../app/location.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";
import { ConsumerFailures } from "./consumer-failures.tsx";
import { LinkFailures } from "./link-failures.tsx";

const tabs = ["link", "consumers"] as const;

/** All that failed: between this node and its parent, and at the consumers that read its feeds. */
export function FailuresScreen() {
  const { say } = useWords();
  const [tab, show] = useSearchParameter("tab");
  const selected = tab === "consumers" ? 1 : 0;
  return (
    <>
      <PageTitle title={say("nav.failures")} lead={say("failures.lead")} />
      <Tabs selectedIndex={selected} onChange={({ selectedIndex }) => show(selectedIndex === 1 ? "consumers" : "")}>
        <TabList aria-label={say("nav.failures")}>
          {tabs.map((one) => (
            <Tab key={one}>{say(`failures.tab.${one}`)}</Tab>
          ))}
        </TabList>
        <TabPanels>
          <TabPanel>{selected === 0 && <LinkFailures />}</TabPanel>
          <TabPanel>{selected === 1 && <ConsumerFailures />}</TabPanel>
        </TabPanels>
      </Tabs>
    </>
  );
}
