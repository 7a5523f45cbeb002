import type { Random } from "@tributary/kernel";
import { pause } from "../program/pause.ts";
import type { Site, Tree } from "../topology/tree.ts";

const leastMs = 250;
const mostMs = 900;
const parentShare = 0.35;

/** How often each was killed; counted while it goes on. */
export interface Kills {
  parent: number;
  children: number;
}

/**
 * Kills one node after the other, at random moments, and starts it again, until told to stop. `examine` is asked while
 * the victim lies dead.
 */
export async function killInTurn(
  { parent, children }: Tree,
  random: Random,
  { kills, examine }: { readonly kills: Kills; readonly examine: (victim: Site) => Promise<void> },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await pause(leastMs + random.next() * (mostMs - leastMs));
    // The first goes to the parent, so that even a slow machine sees one.
    const isParent = kills.parent === 0 || random.next() < parentShare;
    const victim = isParent ? parent : children[Math.floor(random.next() * children.length)]!;
    await victim.node.kill();
    kills[isParent ? "parent" : "children"] += 1;
    await examine(victim);
    await victim.node.start();
  }
}
