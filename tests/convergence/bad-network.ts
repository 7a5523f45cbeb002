import type { Dialect } from "@tributary/database";
import { type Random, seededRandom } from "@tributary/kernel";
import { type BothWays, type FaultProxy, openFaultProxy } from "../faults/fault-proxy.ts";
import { type CapturedRequest, openRelay, type Relay, type Treatment } from "../faults/relay.ts";
import { makeTree, type Tree } from "../topology/tree.ts";

const lossShare = 0.12;
const repeatShare = 0.2;
/** Some repeats come so late that others of the same child have been answered in between. */
const lateMs = [400, 2_500] as const;

/** Every connection is slow by a little, one in eight is cut amid its answer, one in twelve reset amid its request. */
const badLine: BothWays = {
  up: { delayMs: 3, jitterMs: 3, breakage: { kind: "reset", afterBytes: [0, 3_000], share: 0.08 } },
  down: { delayMs: 3, jitterMs: 3, breakage: { kind: "cut", afterBytes: [0, 2_000], share: 0.12 } },
};

/** A child's line to its parent: a relay that loses answers and repeats requests, over TCP that breaks. */
export interface BadLine {
  readonly child: string;
  readonly relay: Relay;
  readonly tcp: FaultProxy;
}

/** A tree whose lines are bad until they are healed. */
export interface BadNetwork extends AsyncDisposable {
  readonly tree: Tree;
  readonly lines: readonly BadLine[];
  /** Begins with the faults; until then the lines are good, so that children can enrol. */
  worsen(): void;
  heal(): void;
}

export async function makeBadNetwork(dialect: Dialect, children: readonly string[], seed: number): Promise<BadNetwork> {
  const lines: BadLine[] = [];
  let isBad = false;
  const tree = await makeTree(dialect, children, async (parentPort, child, stack) => {
    const random = seededRandom(seed + lines.length);
    const tcp = stack.use(await openFaultProxy(parentPort, random));
    const relay = stack.use(await openRelay(tcp.port, (request) => (isBad ? treatmentOf(request, random) : {})));
    lines.push({ child, relay, tcp });
    return relay.url;
  });
  return {
    tree,
    lines,
    worsen() {
      isBad = true;
      for (const { tcp } of lines) tcp.shape(badLine);
    },
    heal() {
      isBad = false;
      for (const { tcp } of lines) tcp.shape({});
    },
    [Symbol.asyncDispose]: () => tree[Symbol.asyncDispose](),
  };
}

function treatmentOf({ method }: CapturedRequest, random: Random): Treatment {
  // What asks for pages is asked again by itself all the time.
  if (method !== "POST") return {};
  const [least, most] = lateMs;
  return {
    losesAnswer: random.next() < lossShare,
    repeatsAfterMs: random.next() < repeatShare ? [0, least + random.next() * (most - least)] : [],
  };
}
