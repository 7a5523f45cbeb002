import {
  Catalog,
  Compare,
  DataBase,
  Group,
  ListChecked,
  Network_3,
  Rss,
  SettingsAdjust,
  WarningAlt,
} from "@carbon/icons-react";
import { type ComponentType, lazy } from "react";
import type { ScreenProps, ScreenRoute } from "./route.ts";

/** Every screen of the console, in the order of the navigation; each is loaded when it is first opened. */
export const routes: readonly ScreenRoute[] = [
  {
    path: "/",
    title: "nav.network",
    icon: Network_3,
    screen: load(() => import("../screens/network/network-screen.tsx"), "NetworkScreen"),
  },
  {
    path: "/network/:node",
    title: "network.child",
    screen: load(() => import("../screens/network/child-screen.tsx"), "ChildScreen"),
  },
  {
    path: "/node",
    title: "nav.node",
    icon: DataBase,
    screen: load(() => import("../screens/node/node-screen.tsx"), "NodeScreen"),
  },
  {
    path: "/failures",
    title: "nav.failures",
    icon: WarningAlt,
    screen: load(() => import("../screens/failures/failures-screen.tsx"), "FailuresScreen"),
  },
  {
    path: "/failures/:id",
    title: "nav.failures",
    screen: load(() => import("../screens/failures/failure-screen.tsx"), "FailureScreen"),
  },
  {
    path: "/failures/at-consumer/:id",
    title: "nav.failures",
    screen: load(() => import("../screens/failures/consumer-failure-screen.tsx"), "ConsumerFailureScreen"),
  },
  {
    path: "/conflicts",
    title: "nav.conflicts",
    icon: Compare,
    screen: load(() => import("../screens/conflicts/conflicts-screen.tsx"), "ConflictsScreen"),
  },
  {
    path: "/conflicts/:id",
    title: "nav.conflicts",
    screen: load(() => import("../screens/conflicts/conflict-screen.tsx"), "ConflictScreen"),
  },
  {
    path: "/records",
    title: "nav.records",
    icon: Catalog,
    right: "see-people",
    screen: load(() => import("../screens/records/records-screen.tsx"), "RecordsScreen"),
  },
  {
    path: "/records/:type/:id",
    title: "nav.records",
    right: "see-people",
    screen: load(() => import("../screens/records/record-screen.tsx"), "RecordScreen"),
  },
  {
    path: "/audit",
    title: "nav.audit",
    icon: ListChecked,
    screen: load(() => import("../screens/audit/audit-screen.tsx"), "AuditScreen"),
  },
  {
    path: "/feeds",
    title: "nav.feeds",
    icon: Rss,
    screen: load(() => import("../screens/feeds/feeds-screen.tsx"), "FeedsScreen"),
  },
  {
    path: "/feeds/:category/:page",
    title: "nav.feeds",
    screen: load(() => import("../screens/feeds/feed-page-screen.tsx"), "FeedPageScreen"),
  },
  {
    path: "/events/:id",
    title: "event.title",
    screen: load(() => import("../screens/feeds/event-screen.tsx"), "EventScreen"),
  },
  {
    path: "/catchments",
    title: "nav.catchments",
    icon: Group,
    screen: load(() => import("../screens/catchments/catchments-screen.tsx"), "CatchmentsScreen"),
  },
  {
    path: "/catchments/new",
    title: "catchments.new",
    right: "administer",
    screen: load(() => import("../screens/catchments/new-catchment-screen.tsx"), "NewCatchmentScreen"),
  },
  {
    path: "/catchments/:name",
    title: "nav.catchments",
    screen: load(() => import("../screens/catchments/catchment-screen.tsx"), "CatchmentScreen"),
  },
  {
    path: "/set-up",
    title: "nav.setUp",
    icon: SettingsAdjust,
    screen: load(() => import("../screens/set-up/set-up-screen.tsx"), "SetUpScreen"),
  },
  {
    path: "/account",
    title: "nav.account",
    screen: load(() => import("../screens/account/account-screen.tsx"), "AccountScreen"),
  },
];

function load<Name extends string>(
  load: () => Promise<Readonly<Record<Name, ComponentType<ScreenProps>>>>,
  name: Name,
) {
  return lazy(async () => ({ default: (await load())[name] }));
}
