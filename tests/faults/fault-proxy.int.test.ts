import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { seededRandom } from "@tributary/kernel";
import { afterEach, describe, expect, it } from "vitest";
import { type FaultProxy, openFaultProxy } from "./fault-proxy.ts";
import { flap } from "./flapping.ts";
import { type LineConditions, lineProfiles, oneWayOf } from "./line-conditions.ts";

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

/** A server that sends back what it gets, behind a line, and a client of it. */
async function lineTo(serve: (socket: Socket) => void, conditions: Parameters<FaultProxy["shape"]>[0], seed = 1) {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    serve(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => {
    server.close();
  });
  const line = stack.use(await openFaultProxy((server.address() as AddressInfo).port, seededRandom(seed), conditions));
  return { line, client: () => new Client(line.port) };
}

const echo = (socket: Socket) => void socket.pipe(socket);

/** What a client sees of a connection. */
class Client {
  readonly socket: Socket;
  received = Buffer.alloc(0);
  pieces = 0;
  readonly ended: Promise<"closed" | "reset">;

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.on("data", (bytes: Buffer) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.pieces += 1;
    });
    this.ended = new Promise((resolve) => {
      this.socket.once("error", () => resolve("reset"));
      this.socket.once("close", () => resolve("closed"));
    });
    stack.defer(() => void this.socket.destroy());
  }

  /** Resolves with the milliseconds until so many bytes have come back. */
  async until(bytes: number): Promise<number> {
    const startedAt = performance.now();
    while (this.received.length < bytes) await once(this.socket, "data");
    return performance.now() - startedAt;
  }
}

describe("the fault proxy", () => {
  it("hands bytes on unchanged, whatever the line does to their pace", async () => {
    const sent = Buffer.from(seededRandom(5).bytes(40_000));
    const conditions: LineConditions = { delayMs: 20, jitterMs: 20, bitsPerSecond: 4_000_000, sliceBytesMax: 700 };
    const { line, client } = await lineTo(echo, conditions);
    const one = client();

    one.socket.write(sent);
    await one.until(sent.length);

    expect(one.received.equals(sent)).toBe(true);
    expect(line.counts).toMatchObject({ connections: 1, bytesUp: sent.length, bytesDown: sent.length });
  });

  it.each(Object.entries(lineProfiles))(
    "takes as long as a %s line to connect, to ask and to answer",
    async (_, profile) => {
      const { client } = await lineTo(echo, oneWayOf(profile));
      const one = client();
      const [least, most] = [profile.roundTripMs - profile.jitterMs, profile.roundTripMs + profile.jitterMs];

      one.socket.write("a");
      const first = await one.until(1);
      one.socket.write("b");
      const second = await one.until(2);

      // The first waits for the connection too. A timer is early by its grain at most, and late by the load.
      expect(first).toBeGreaterThan(2 * least - 10);
      expect(second).toBeGreaterThan(least - 10);
      expect(first).toBeLessThan(2 * most + 1_000);
      expect(second).toBeLessThan(most + 1_000);
    },
  );

  it.each([
    ["30 kbit/s", 30_000, 6_000],
    ["1 Mbit/s", 1_000_000, 150_000],
  ])("carries %s, in each direction by itself", async (_, bitsPerSecond, bytes) => {
    const { client } = await lineTo(echo, { bitsPerSecond });
    const one = client();
    const needsMs = (bytes * 8_000) / bitsPerSecond;

    one.socket.write(Buffer.alloc(bytes));
    const tookMs = await one.until(bytes);

    expect(tookMs).toBeGreaterThan(needsMs * 0.95);
    // What comes back starts before all has arrived; twice the time would be one direction for both.
    expect(tookMs).toBeLessThan(needsMs * 1.8 + 300);
  });

  it("shares the bandwidth of a direction among its connections", async () => {
    const { client } = await lineTo(echo, { up: { bitsPerSecond: 400_000 }, down: {} });
    const [one, other] = [client(), client()];

    for (const { socket } of [one, other]) socket.write(Buffer.alloc(20_000));
    const [first, second] = await Promise.all([one.until(20_000), other.until(20_000)]);

    expect(Math.max(first, second)).toBeGreaterThan(((40_000 * 8_000) / 400_000) * 0.95);
  });

  it("slices what is written at once", async () => {
    const { client } = await lineTo(echo, { up: {}, down: { sliceBytesMax: 50, delayMs: 1, bitsPerSecond: 400_000 } });
    const one = client();

    one.socket.write(Buffer.alloc(5_000));
    await one.until(5_000);

    expect(one.pieces).toBeGreaterThan(20);
  });

  it("cuts after the bytes it was told, in the direction it was told", async () => {
    const breakage = { kind: "cut", afterBytes: [1_000, 1_000] } as const;
    const { line, client } = await lineTo(echo, { up: {}, down: { breakage } });
    const one = client();

    one.socket.write(Buffer.alloc(5_000));

    expect(await one.ended).toBe("closed");
    expect(one.received).toHaveLength(1_000);
    expect(line.counts.bytesUp).toBe(5_000);
    expect(line.counts.broken).toEqual({ cut: 1, reset: 0, silence: 0 });
  });

  it("resets after the bytes it was told", async () => {
    const breakage = { kind: "reset", afterBytes: [100, 100] } as const;
    const { line, client } = await lineTo(echo, { up: { breakage }, down: {} });
    const one = client();

    one.socket.write(Buffer.alloc(5_000));

    expect(await one.ended).toBe("reset");
    expect(line.counts).toMatchObject({ bytesUp: 100, broken: { reset: 1 } });
  });

  it("leaves a silenced connection open, with nothing coming through", async () => {
    const breakage = { kind: "silence", afterBytes: [10, 10] } as const;
    const { line, client } = await lineTo(echo, { up: { breakage }, down: {} });
    const one = client();

    one.socket.write(Buffer.alloc(500));
    await settled();
    one.socket.write(Buffer.alloc(500));
    await settled();

    expect(line.counts).toMatchObject({ bytesUp: 10, broken: { silence: 1 } });
    expect(one.received.length).toBeLessThanOrEqual(10);
    expect(one.socket.destroyed).toBe(false);
  });

  it("refuses while it is down, resets what stood, and carries again once it is up", async () => {
    const { line, client } = await lineTo(echo, {});
    const before = client();
    before.socket.write("x");
    await before.until(1);

    line.drop();
    const meanwhile = client();

    expect(await before.ended).toBe("reset");
    expect(["reset", "closed"]).toContain(await meanwhile.ended);
    expect(line.counts).toMatchObject({ connections: 1, refused: 1 });

    line.raise();
    const after = client();
    after.socket.write("x");
    await after.until(1);
    expect(line.counts.connections).toBe(2);
  });

  it("comes and goes when it flaps, and stays up afterwards", async () => {
    const { line, client } = await lineTo(echo, {});
    const ends: string[] = [];
    {
      using flaps = flap(line, { upMs: 20, downMs: 20 }, seededRandom(3));
      while (flaps.drops < 3) {
        const one = client();
        one.socket.write("x");
        ends.push(
          await Promise.race([
            one.ended,
            one.until(1).then(
              () => "carried",
              () => "lost",
            ),
          ]),
        );
        await settled(5);
      }
    }
    const one = client();
    one.socket.write("x");
    await one.until(1);

    expect(ends).toContain("carried");
    expect(line.counts.refused).toBeGreaterThan(0);
  });

  it("breaks the same connections at the same bytes for the same seed", async () => {
    const lengthsOf = async (seed: number) => {
      const breakage = { kind: "cut", afterBytes: [1, 3_000], share: 0.5 } as const;
      const { client } = await lineTo(echo, { up: { breakage }, down: {} }, seed);
      const lengths: number[] = [];
      for (let n = 0; n < 8; n++) {
        const one = client();
        one.socket.end(Buffer.alloc(3_000));
        await one.ended;
        lengths.push(one.received.length);
      }
      return lengths.map((length) => length === 3_000);
    };

    expect(await lengthsOf(8)).toEqual(await lengthsOf(8));
    expect(new Set(await lengthsOf(8)).size).toBe(2);
  });
});

/** Longer than anything undelayed takes on this machine. */
function settled(durationMs = 100): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
