import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Random } from "@tributary/kernel";
import { Flow } from "./flow.ts";
import type { BreakageKind, LineConditions } from "./line-conditions.ts";
import { OneWay } from "./one-way.ts";

/** What has gone over a line so far, and what has been done to it. */
export interface LineCounts {
  readonly connections: number;
  /** Bytes that arrived at the server, and at the client. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly broken: Readonly<Record<BreakageKind, number>>;
  /** Connections that were refused because the line was down. */
  readonly refused: number;
}

/** A line for each direction: `up` is from the client to the server. */
export interface BothWays {
  readonly up: LineConditions;
  readonly down: LineConditions;
}

/** A TCP line with faults in front of a server. Disposing of it ends the connections that go over it. */
export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  /** Where an HTTP server behind the line is reached. */
  readonly url: string;
  readonly counts: LineCounts;
  /** Changes the line from now on; a breakage is drawn when a connection begins, so those that stand keep theirs. */
  shape(conditions: LineConditions | BothWays): void;
  /** Takes the line down: what stands is reset, and what comes is refused, until `raise`. */
  drop(): void;
  raise(): void;
}

/**
 * Opens a line to a local port. Connecting takes one round trip, as it does over TCP; the slow start of a connection is
 * not imitated, since the lines of the field carry less at a time than any connection begins with. The same `random`
 * and the same connections give the same faults.
 */
export async function openFaultProxy(
  targetPort: number,
  random: Random,
  conditions: LineConditions | BothWays = {},
): Promise<FaultProxy> {
  const counts = { connections: 0, bytesUp: 0, bytesDown: 0, broken: { cut: 0, reset: 0, silence: 0 }, refused: 0 };
  const first = bothWays(conditions);
  const up = new OneWay(first.up, random);
  const down = new OneWay(first.down, random);
  const standing = new Set<() => void>();
  let isDown = false;

  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (isDown) {
      counts.refused += 1;
      client.resetAndDestroy();
      return;
    }
    counts.connections += 1;
    const upstream = connect({ port: targetPort, host: "127.0.0.1", allowHalfOpen: true });
    standing.add(join(client, upstream));
  });

  function join(client: Socket, upstream: Socket): () => void {
    const notBefore = performance.now() + up.delay() + down.delay();
    const onBreak = (kind: BreakageKind) => {
      counts.broken[kind] += 1;
      if (kind === "silence") for (const flow of flows) flow.silence();
      else end(kind === "reset");
    };
    const flows = [
      new Flow({
        from: client,
        to: upstream,
        line: up,
        notBefore,
        onBytes: (count) => {
          counts.bytesUp += count;
        },
        onBreak,
      }),
      new Flow({
        from: upstream,
        to: client,
        line: down,
        notBefore,
        onBytes: (count) => {
          counts.bytesDown += count;
        },
        onBreak,
      }),
    ];
    const end = (isReset: boolean) => {
      for (const flow of flows) flow.stop();
      for (const socket of [client, upstream]) isReset ? socket.resetAndDestroy() : socket.destroy();
      standing.delete(reset);
    };
    const reset = () => end(true);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      // An end that fails fails at the other end too; what was on its way is lost.
      socket.on("error", reset);
      socket.on("close", () => other.destroyed && end(false));
    }
    return reset;
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The machine gave no port.");
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    counts,
    shape(next) {
      ({ up: up.conditions, down: down.conditions } = bothWays(next));
    },
    drop() {
      isDown = true;
      for (const reset of [...standing]) reset();
    },
    raise() {
      isDown = false;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const reset of [...standing]) reset();
      await closed;
    },
  };
}

function bothWays(conditions: LineConditions | BothWays): BothWays {
  return "up" in conditions ? conditions : { up: conditions, down: conditions };
}
