import { Tab, TabList, TabPanel, TabPanels, Tabs } from "@carbon/react";
import type { ReactNode } from "react";
import { useSearchParameter } from "../../app/location.tsx";
import { useRight } from "../../app/session.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";
import { ChangesTab } from "./changes-tab.tsx";
import { ChildrenTab } from "./children-tab.tsx";
import { ConfigurationTab } from "./configuration-tab.tsx";
import { SchedulesTab } from "./settings/schedules-tab.tsx";
import { TokensTab } from "./tokens-tab.tsx";
import { UsersTab } from "./users-tab.tsx";

/** Who belongs to this node, who may use it, how it is set, and who changed that. */
export function SetUpScreen() {
  const { say } = useWords();
  const mayAdminister = useRight("administer");
  const mayOversee = useRight("oversee");
  const [tab, show] = useSearchParameter("tab");
  const tabs: readonly (readonly [name: string, title: string, content: ReactNode])[] = [
    ["children", say("setUpScreen.children"), <ChildrenTab key="children" />],
    ...(mayAdminister ? [["users", say("setUpScreen.users"), <UsersTab key="users" />] as const] : []),
    ...(mayAdminister ? [["tokens", say("setUpScreen.tokens"), <TokensTab key="tokens" />] as const] : []),
    ...(mayOversee ? [["schedules", say("setUpScreen.schedules"), <SchedulesTab key="schedules" />] as const] : []),
    ...(mayOversee
      ? [["settings", say("setUpScreen.configuration"), <ConfigurationTab key="settings" />] as const]
      : []),
    ["changes", say("setUpScreen.changes"), <ChangesTab key="changes" />],
  ];
  const selected = Math.max(
    0,
    tabs.findIndex(([name]) => name === tab),
  );
  return (
    <>
      <PageTitle title={say("nav.setUp")} lead={say("setUpScreen.lead")} />
      <Tabs selectedIndex={selected} onChange={({ selectedIndex }) => show(tabs[selectedIndex]?.[0] ?? "")}>
        <TabList aria-label={say("nav.setUp")}>
          {tabs.map(([name, title]) => (
            <Tab key={name}>{title}</Tab>
          ))}
        </TabList>
        <TabPanels>
          {tabs.map(([name, , content], at) => (
            <TabPanel key={name}>{at === selected && content}</TabPanel>
          ))}
        </TabPanels>
      </Tabs>
    </>
  );
}
