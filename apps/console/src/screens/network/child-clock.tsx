import type { NetworkChild } from "@tributary/admin-api";
import { ClockOffset } from "../../parts/clock-offset.tsx";

/** How far a child's clock is from this node's: it is told as what is to be added to the child's, and read the other way. */
export function ChildClock({ child: { clockOffsetMs } }: { readonly child: NetworkChild }) {
  return <ClockOffset offsetMs={clockOffsetMs === null ? null : -clockOffsetMs} />;
}
