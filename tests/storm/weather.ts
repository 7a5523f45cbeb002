import type { Random } from "@tributary/kernel";
import { pause } from "../program/pause.ts";
import type { Site } from "../topology/tree.ts";
import { freeze, thaw } from "./freeze.ts";

/** Times between one blow and the next, and how long a node lies dead or frozen. */
const between = [100, 900] as const;
const down = [50, 1_500] as const;
const frozenShare = 0.35;
/** How often what happened. */
export interface Blows {
  kills: number;
  freezes: number;
  /** Kills of a process that had only begun to start. */
  killsWhileStarting: number;
}

/**
 * Kills and freezes nodes at random, two at a time, until told to stop; then all serve again. However slow the machine is,
 * at least one is killed and one is frozen.
 */
export async function storm(sites: readonly Site[], random: Random, signal: AbortSignal): Promise<Blows> {
  const blows: Blows = { kills: 0, freezes: 0, killsWhileStarting: 0 };
  const struck = new Set<Site>();
  const moment = ([least, most]: readonly [number, number]) => least + random.next() * (most - least);

  async function strike(first: (site: Site) => Promise<void>): Promise<void> {
    let blow = first;
    do {
      await pause(moment(between));
      const standing = sites.filter((site) => !struck.has(site));
      const victim = standing[Math.floor(random.next() * standing.length)]!;
      struck.add(victim);
      await blow(victim);
      struck.delete(victim);
      blow = random.next() < frozenShare ? freezeFor : killFor;
    } while (!signal.aborted);
  }

  async function freezeFor({ node }: Site): Promise<void> {
    blows.freezes += 1;
    await freeze(node);
    await pause(moment(down));
    await thaw(node);
  }

  async function killFor({ node }: Site): Promise<void> {
    blows.kills += 1;
    await node.kill();
    await pause(moment(down));
    if (random.next() < 0.3) {
      blows.killsWhileStarting += 1;
      node.startUnwatched();
      await pause(random.next() * 800);
      await node.kill();
    }
    await node.start();
  }

  await Promise.all([strike(killFor), strike(freezeFor)]);
  return blows;
}
