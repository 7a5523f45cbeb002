import { useRight } from "../../app/session.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { ScreenTabs } from "../../parts/screen-tabs.tsx";
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
  const tabs = [
    { name: "children", title: say("setUpScreen.children"), content: <ChildrenTab />, mayShow: true },
    { name: "users", title: say("setUpScreen.users"), content: <UsersTab />, mayShow: mayAdminister },
    { name: "tokens", title: say("setUpScreen.tokens"), content: <TokensTab />, mayShow: mayAdminister },
    { name: "schedules", title: say("setUpScreen.schedules"), content: <SchedulesTab />, mayShow: mayOversee },
    { name: "settings", title: say("setUpScreen.configuration"), content: <ConfigurationTab />, mayShow: mayOversee },
    { name: "changes", title: say("setUpScreen.changes"), content: <ChangesTab />, mayShow: true },
  ];
  return (
    <>
      <PageTitle title={say("nav.setUp")} lead={say("setUpScreen.lead")} />
      <ScreenTabs label={say("nav.setUp")} tabs={tabs.filter(({ mayShow }) => mayShow)} />
    </>
  );
}
