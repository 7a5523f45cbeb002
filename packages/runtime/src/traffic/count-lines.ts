import type { EventBus } from "@tributary/events";
import { resourceSaved } from "@tributary/fhir";
import type { HttpRequest } from "@tributary/kernel";
import type { Exchange, SyncRoute } from "@tributary/sync";
import type { TrafficCounter } from "./traffic-counter.ts";

/** The longest token that is looked into for the name of a child. */
const tokenLengthMax = 4_096;

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

function claimedChild({ headers }: HttpRequest): string | undefined {
  const token = /^Bearer (\S+)$/.exec(headers["authorization"] ?? "")?.[1];
  if (token === undefined || token.length > tokenLengthMax) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    const issuer = (claims as { readonly iss?: unknown } | null)?.iss;
    return typeof issuer === "string" && issuer.length <= 63 ? issuer : undefined;
  } catch {
    return undefined;
  }
}
