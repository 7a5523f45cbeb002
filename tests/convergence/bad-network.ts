import type { Dialect } from "@tributary/database";
import { type Random, seededRandom } from "@tributary/kernel";
import { type BothWays, type FaultProxy, openFaultProxy } from "../faults/fault-proxy.ts";
import { type CapturedRequest, openRelay, type Relay, type RelayCounts, type Treatment } from "../faults/relay.ts";
import { makeTree, type Tree } from "../topology/tree.ts";

const lossShare = 0.15;
const repeatShare = 0.25;
/** Some repeats come so late that others of the same child have been answered in between. */
const lateMs = [400, 2_500] as const;

/** Every connection is slow by a little, one in seven is cut amid its answer, one in seven reset amid its request. */
const badLine: BothWays = {
  up: { delayMs: 3, jitterMs: 3, breakage: { kind: "reset", afterBytes: [0, 1_500], share: 0.15 } },
  down: { delayMs: 3, jitterMs: 3, breakage: { kind: "cut", afterBytes: [0, 2_000], share: 0.15 } },
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
    const relay: Relay = stack.use(
      await openRelay(tcp.port, (request) => (isBad ? treatmentOf(request, random, relay.counts) : {})),
    );
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

/** Each line loses and repeats at least once, so that no run goes without, however slow the machine. */
function treatmentOf({ method }: CapturedRequest, random: Random, { lostAnswers, repeats }: RelayCounts): Treatment {
  // What asks for pages is asked again by itself all the time.
  if (method !== "POST") return {};
  const [least, most] = lateMs;
  const losesAnswer = random.next() < lossShare || lostAnswers === 0;
  const isRepeated = random.next() < repeatShare || repeats === 0;
  return { losesAnswer, repeatsAfterMs: isRepeated ? [0, least + random.next() * (most - least)] : [] };
}
