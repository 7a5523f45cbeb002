import type { EventBus, Subscription } from "@tributary/events";
import { bedAssigned } from "./events.ts";

/** Thrown when a bed is assigned in a ward that takes nobody. */
export class WardClosedError extends Error {
  override readonly name = "WardClosedError";
}

/** Lets no bed be assigned in these wards: a listener within the transaction can refuse the change that it hears of. */
export function closeWards(bus: EventBus, wards: ReadonlySet<string>): Subscription {
  return bus.on(bedAssigned, "within-transaction", ({ ward }) => {
    if (wards.has(ward)) throw new WardClosedError(`The ward ${ward} is closed.`);
  });
}
