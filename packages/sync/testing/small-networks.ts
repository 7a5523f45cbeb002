import type { Database } from "@tributary/database";
import type { Clock } from "@tributary/kernel";
import type { Exchange } from "../src/line/exchange.ts";
import type { PushReport } from "../src/sync-report.ts";
import { enrol, moveAll, type NodeForTests, openNodeForTests, synchronizerOf } from "./node-for-tests.ts";

/** A parent and its child, each over a database of its own. */
export interface Pair extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
}

/** A parent and two children, each over a database of its own. */
export interface ThreeNodes extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly north: NodeForTests;
  readonly south: NodeForTests;
}

/** Opens a parent and its enrolled child. */
export async function openPair(
  open: () => Promise<Database>,
  { child = "north", clock }: { readonly child?: string; readonly clock?: Clock } = {},
): Promise<Pair> {
  const { parent, children, ...ends } = await openFamily(open, [child], clock);
  return { parent, child: children[0]!, ...ends };
}

/** Opens a parent and two enrolled children. */
export async function openThreeNodes(open: () => Promise<Database>): Promise<ThreeNodes> {
  const { parent, children, ...ends } = await openFamily(open, ["north", "south"]);
  return { parent, north: children[0]!, south: children[1]!, ...ends };
}

/** One push, after which what it brought has its place in the parent's streams. */
export async function pushOnce(
  child: NodeForTests,
  parent: NodeForTests,
  line: Exchange = parent.answer,
): Promise<PushReport> {
  await using synchronizer = synchronizerOf(child, line);
  const report = await synchronizer.pushOnce(new AbortController().signal);
  await moveAll(parent.database);
  return report;
}

async function openFamily(open: () => Promise<Database>, names: readonly string[], clock?: Clock) {
  const databases: Database[] = [];
  const node = async (name: string) => {
    const database = await open();
    databases.push(database);
    return openNodeForTests(database, name, clock);
  };
  const parent = await node("centre");
  const children: NodeForTests[] = [];
  for (const name of names) {
    const child = await node(name);
    await enrol(child, parent);
    children.push(child);
  }
  return {
    parent,
    children,
    async [Symbol.asyncDispose]() {
      for (const database of databases) await database.close();
    },
  };
}
