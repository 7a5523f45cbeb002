import type { EventBus } from "@tributary/events";
import { resourceSaved } from "@tributary/fhir";
import type { Exchange, SyncRoute } from "@tributary/sync";
import { claimedChild } from "../network/claimed-child.ts";
import type { TrafficCounter } from "./traffic-counter.ts";

/** Counts what goes over the line to the parent. */
export function countingExchange(exchange: Exchange, counter: TrafficCounter): Exchange {
  return async (request, signal) => {
    try {
      const answer = await exchange(request, signal);
      counter.note({
        requests: 1,
        bytesSent: answer.sentBytes ?? Buffer.byteLength(request.body ?? ""),
        bytesReceived: answer.wireBytes,
        failures: answer.status >= 500 ? 1 : 0,
      });
      return answer;
    } catch (error) {
      counter.note({ requests: 1, failures: 1 });
      throw error;
    }
  };
}

/** Counts what children ask of a parent, before compression, each child by itself. */
export function countingRoutes(routes: readonly SyncRoute[], counter: TrafficCounter): SyncRoute[] {
  return routes.map((route) => ({
    ...route,
    handler: async (request) => {
      const answer = await route.handler(request);
      const amounts = {
        requests: 1,
        bytesReceived: Buffer.byteLength(request.body),
        bytesSent: answer.body === undefined ? 0 : Buffer.byteLength(answer.body),
        failures: answer.status >= 400 ? 1 : 0,
      };
      // The handler has checked the signature of whom it served; whom it refused may have lied about the name.
      counter.note(amounts, answer.status < 400 ? claimedChild(request) : undefined);
      return answer;
    },
  }));
}

/** Counts records that came from other nodes, and those that were written here. */
export function countRecords(bus: EventBus, counter: TrafficCounter, self: string): void {
  bus.on(resourceSaved.any, "after-commit", ({ originNode }) => {
    counter.note(originNode === self ? { recordsOut: 1 } : { recordsIn: 1 });
  });
}
