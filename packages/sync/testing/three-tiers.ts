import type { Database } from "@tributary/database";
import type { Exchange } from "../src/line/exchange.ts";
import type { PullReport, PushReport } from "../src/sync-report.ts";
import { enrol, moveAll, type NodeForTests, openNodeForTests, synchronizerOf } from "./node-for-tests.ts";

/** A root with a hub and a leaf under it, and two leaves under the hub, each over a database of its own. */
export interface ThreeTiers extends AsyncDisposable {
  readonly root: NodeForTests;
  readonly hub: NodeForTests;
  readonly north: NodeForTests;
  readonly south: NodeForTests;
  /** The leaf that has no hub between itself and the root. */
  readonly east: NodeForTests;
  /** Each child with its parent, those far from the root first. */
  readonly links: readonly { readonly child: NodeForTests; readonly parent: NodeForTests }[];
}

/** Opens three tiers of enrolled nodes. */
export async function openThreeTiers(open: () => Promise<Database>): Promise<ThreeTiers> {
  const databases: Database[] = [];
  const node = async (id: string) => {
    const database = await open();
    databases.push(database);
    return openNodeForTests(database, id);
  };
  const [root, hub, north, south, east] = [
    await node("root"),
    await node("hub"),
    await node("north"),
    await node("south"),
    await node("east"),
  ];
  const links = [
    { child: north, parent: hub },
    { child: south, parent: hub },
    { child: hub, parent: root },
    { child: east, parent: root },
  ];
  for (const { child, parent } of links) await enrol(child, parent);
  return {
    root,
    hub,
    north,
    south,
    east,
    links,
    async [Symbol.asyncDispose]() {
      for (const database of databases) await database.close();
    },
  };
}

/** One round over one link, as a running node has it: push, then pull unless the push was broken off. */
export async function oneRound(
  child: NodeForTests,
  parent: NodeForTests,
  line: Exchange = parent.answer,
): Promise<{ readonly pushed: PushReport; readonly pulled: PullReport | undefined }> {
  await using synchronizer = synchronizerOf(child, line);
  const signal = new AbortController().signal;
  const pushed = await synchronizer.pushOnce(signal);
  await moveAll(parent.database);
  const pulled = pushed.error ? undefined : await synchronizer.pullOnce(signal);
  await moveAll(child.database);
  return { pushed, pulled };
}

/** Rounds over all links, until a round over each of them has brought nothing. Throws when they never end. */
export async function untilQuiet({ links }: Pick<ThreeTiers, "links">, roundsMax = 12): Promise<void> {
  for (let round = 0; round < roundsMax; round++) {
    let moved = 0;
    for (const { child, parent } of links) {
      const { pushed, pulled } = await oneRound(child, parent);
      moved += pushed.pushed + pushed.merged + (pulled?.applied ?? 1);
    }
    if (moved === 0) return;
  }
  throw new Error("The nodes go on telling each other news.");
}
