import type { Exchange, ExchangeRequest, ExchangeResponse } from "@tributary/sync";
import { openBusyNetwork } from "./busy-network.ts";

/** One request of a child and the parent's answer, as they went over the line. */
export interface Recorded {
  /** What stands behind the interface's beginning: `conflicts/read`. */
  readonly path: string;
  readonly request: ExchangeRequest;
  readonly answer: ExchangeResponse;
}

/** Writes down what goes over a line. */
export function recording(line: Exchange, into: Recorded[]): Exchange {
  return async (request, signal) => {
    const answer = await line(request, signal);
    into.push({ path: request.url.pathname.replace(/^\/sync\/v1\//, ""), request, answer });
    return answer;
  };
}

/** What the two ends of a busy network say to each other, from the first contact on. */
export async function recordTraffic(): Promise<readonly Recorded[]> {
  await using network = await openBusyNetwork(1);
  const recorded: Recorded[] = [];
  network.setLine((honest) => recording(honest, recorded));
  for (let round = 0; round < 3; round++) {
    await network.work();
    await network.round();
  }
  return recorded;
}
