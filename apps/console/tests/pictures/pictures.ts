import type { Page } from "playwright-core";
import type { LakesideNetwork } from "./lakeside-network.ts";

/** One picture: at which node, where in its console, and what is done before it is taken. */
export interface Picture {
  readonly name: string;
  readonly node: "hospital" | "lake";
  readonly path: (network: LakesideNetwork) => string | Promise<string>;
  readonly prepare?: (page: Page) => Promise<void>;
}

const at = (path: string) => () => path;

/** The pictures of the guide to the console. */
export const pictures: readonly Picture[] = [
  { name: "network", node: "hospital", path: at("/") },
  { name: "child", node: "hospital", path: at("/network/lake-clinic") },
  { name: "conflicts", node: "hospital", path: at("/conflicts") },
  { name: "conflict", node: "hospital", path: firstConflict },
  { name: "records", node: "hospital", path: at("/records?q=otieno") },
  { name: "audit", node: "hospital", path: at("/audit") },
  { name: "feeds", node: "hospital", path: at("/feeds") },
  { name: "feed-page", node: "hospital", path: at("/feeds/all/recent") },
  { name: "catchments", node: "hospital", path: at("/catchments") },
  { name: "catchment", node: "hospital", path: at("/catchments/kisumu") },
  { name: "set-up-children", node: "hospital", path: at("/set-up") },
  { name: "set-up-users", node: "hospital", path: at("/set-up?tab=users") },
  { name: "set-up-configuration", node: "hospital", path: at("/set-up?tab=settings") },
  { name: "set-up-changes", node: "hospital", path: at("/set-up?tab=changes") },
  { name: "network-of-a-child", node: "lake", path: at("/") },
  { name: "node", node: "lake", path: at("/node") },
  { name: "failed-events", node: "lake", path: at("/failures") },
  { name: "failed-event", node: "lake", path: firstFailure },
  { name: "record", node: "lake", path: at("/records/Patient/patient-4") },
  {
    name: "timeline",
    node: "lake",
    path: at("/records/Patient/patient-1"),
    prepare: async (page) => {
      await page.getByRole("tab", { name: /Timeline|Chronologie/ }).click();
    },
  },
];

async function firstConflict({ hospital }: LakesideNetwork): Promise<string> {
  const { conflicts } = await hospital.admin("GET", "/conflicts");
  return `/conflicts/${(conflicts as { conflictId: string }[])[0]?.conflictId ?? ""}`;
}

async function firstFailure({ lake }: LakesideNetwork): Promise<string> {
  const { failures } = await lake.admin("GET", "/failures");
  return `/failures/${encodeURIComponent((failures as { failureId: string }[])[0]?.failureId ?? "")}`;
}
