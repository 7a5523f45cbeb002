import { Tab, TabList, TabPanel, TabPanels, Tabs } from "@carbon/react";
import type { ReactNode } from "react";
import { goTo, usePlace } from "../app/location.tsx";

/** One tab of a screen. */
export interface ScreenTab {
  /** How it is called in the page's address. */
  readonly name: string;
  readonly title: string;
  readonly content: ReactNode;
}

/** The parts of a screen, one shown at a time; which one stands in the page's address, and filters end with their tab. */
export function ScreenTabs({ label, tabs }: { readonly label: string; readonly tabs: readonly ScreenTab[] }) {
  const { path, search } = usePlace();
  const told = search.get("tab");
  const selected = Math.max(
    0,
    tabs.findIndex(({ name }) => name === told),
  );
  const show = (at: number) => goTo(at === 0 ? path : `${path}?tab=${tabs[at]?.name}`, { replace: true });
  return (
    <Tabs selectedIndex={selected} onChange={({ selectedIndex }) => show(selectedIndex)}>
      <TabList aria-label={label}>
        {tabs.map(({ name, title }) => (
          <Tab key={name}>{title}</Tab>
        ))}
      </TabList>
      <TabPanels>
        {tabs.map(({ name, content }, at) => (
          <TabPanel key={name}>{at === selected && content}</TabPanel>
        ))}
      </TabPanels>
    </Tabs>
  );
}
