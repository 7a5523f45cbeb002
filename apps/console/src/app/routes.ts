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
import type { ScreenRoute } from "./route.ts";
import { screenProgram } from "./screen-program.ts";

/** Every screen of the console, in the order of the navigation; each is loaded when it is first opened. */
export const routes: readonly ScreenRoute[] = [
  {
    path: "/",
    title: "nav.network",
    icon: Network_3,
    screen: screenProgram(() => import("../screens/network/network-screen.tsx"), "NetworkScreen"),
  },
  {
    path: "/network/:node",
    title: "network.child",
    screen: screenProgram(() => import("../screens/network/child-screen.tsx"), "ChildScreen"),
  },
  {
    path: "/alerts",
    title: "network.alerts",
    screen: screenProgram(() => import("../screens/alerts/alerts-screen.tsx"), "AlertsScreen"),
  },
  {
    path: "/node",
    title: "nav.node",
    icon: DataBase,
    screen: screenProgram(() => import("../screens/node/node-screen.tsx"), "NodeScreen"),
  },
  {
    path: "/failures",
    title: "nav.failures",
    icon: WarningAlt,
    screen: screenProgram(() => import("../screens/failures/failures-screen.tsx"), "FailuresScreen"),
  },
  {
    path: "/failures/:id",
    title: "nav.failures",
    screen: screenProgram(() => import("../screens/failures/failure-screen.tsx"), "FailureScreen"),
  },
  {
    path: "/failures/at-consumer/:id",
    title: "nav.failures",
    screen: screenProgram(() => import("../screens/failures/consumer-failure-screen.tsx"), "ConsumerFailureScreen"),
  },
  {
    path: "/conflicts",
    title: "nav.conflicts",
    icon: Compare,
    screen: screenProgram(() => import("../screens/conflicts/conflicts-screen.tsx"), "ConflictsScreen"),
  },
  {
    path: "/conflicts/:id",
    title: "nav.conflicts",
    screen: screenProgram(() => import("../screens/conflicts/conflict-screen.tsx"), "ConflictScreen"),
  },
  {
    path: "/records",
    title: "nav.records",
    icon: Catalog,
    right: "see-people",
    screen: screenProgram(() => import("../screens/records/records-screen.tsx"), "RecordsScreen"),
  },
  {
    path: "/records/:type/:id",
    title: "nav.records",
    right: "see-people",
    screen: screenProgram(() => import("../screens/records/record-screen.tsx"), "RecordScreen"),
  },
  {
    path: "/audit",
    title: "nav.audit",
    icon: ListChecked,
    screen: screenProgram(() => import("../screens/audit/audit-screen.tsx"), "AuditScreen"),
  },
  {
    path: "/feeds",
    title: "nav.feeds",
    icon: Rss,
    screen: screenProgram(() => import("../screens/feeds/feeds-screen.tsx"), "FeedsScreen"),
  },
  {
    path: "/feeds/:category/:page",
    title: "nav.feeds",
    screen: screenProgram(() => import("../screens/feeds/feed-page-screen.tsx"), "FeedPageScreen"),
  },
  {
    path: "/events/:id",
    title: "event.title",
    screen: screenProgram(() => import("../screens/feeds/event-screen.tsx"), "EventScreen"),
  },
  {
    path: "/catchments",
    title: "nav.catchments",
    icon: Group,
    screen: screenProgram(() => import("../screens/catchments/catchments-screen.tsx"), "CatchmentsScreen"),
  },
  {
    path: "/catchments/new",
    title: "catchments.new",
    right: "administer",
    screen: screenProgram(() => import("../screens/catchments/new-catchment-screen.tsx"), "NewCatchmentScreen"),
  },
  {
    path: "/catchments/:name",
    title: "nav.catchments",
    screen: screenProgram(() => import("../screens/catchments/catchment-screen.tsx"), "CatchmentScreen"),
  },
  {
    path: "/set-up",
    title: "nav.setUp",
    icon: SettingsAdjust,
    screen: screenProgram(() => import("../screens/set-up/set-up-screen.tsx"), "SetUpScreen"),
  },
  {
    path: "/account",
    title: "nav.account",
    screen: screenProgram(() => import("../screens/account/account-screen.tsx"), "AccountScreen"),
  },
];
