import { Compare, Network_3, WarningAlt } from "@carbon/icons-react";
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
    path: "/node",
    title: "nav.node",
    icon: Network_3,
    screen: load(() => import("../screens/node/node-screen.tsx"), "NodeScreen"),
  },
  {
    path: "/failures",
    title: "nav.failures",
    icon: WarningAlt,
    screen: load(() => import("../screens/failures/failures-screen.tsx"), "FailuresScreen"),
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
];

function load<Name extends string>(
  load: () => Promise<Readonly<Record<Name, ComponentType<ScreenProps>>>>,
  name: Name,
) {
  return lazy(async () => ({ default: (await load())[name] }));
}
