import { openDatabase } from "@tributary/database";
import { copyTestDatabase, makeTestDatabase, type TestDatabasePlace } from "@tributary/database/testing";
import type { Exchange } from "../src/line/exchange.ts";
import { type NodeForTests, openNodeForTests } from "./node-for-tests.ts";

/** A node that can be put back to what it was, as from a backup, and copied. */
export interface RestorableNode extends AsyncDisposable {
  /** The node as it runs now; another one after each backup and restore. */
  readonly node: NodeForTests;
  /** The line to whatever runs now. */
  readonly answer: Exchange;
  /** Keeps a copy of the database as it is. */
  backUp(): Promise<void>;
  /** Goes back to the last copy; what was done since never happened here. */
  restore(): Promise<void>;
  /** Opens the last copy as a second installation of the same node. */
  clone(): Promise<RestorableNode>;
}

/** Opens a node over a database of its own that can be copied. */
export async function openRestorableNode(
  dialect: "sqlite" | "postgres",
  id: string,
  from?: TestDatabasePlace,
): Promise<RestorableNode> {
  const places: TestDatabasePlace[] = [from ?? (await makeTestDatabase(dialect))];
  let backup: TestDatabasePlace | undefined;
  let node = await openAt(places[0]!, id);

  async function moveTo(place: TestDatabasePlace): Promise<void> {
    node = await openAt(place, id);
    places.push(place);
  }

  return {
    get node() {
      return node;
    },
    answer: (request, signal) => node.answer(request, signal),
    async backUp() {
      await node.database.close();
      backup = await copyTestDatabase(places.at(-1)!);
      node = await openAt(places.at(-1)!, id);
    },
    async restore() {
      await node.database.close();
      await moveTo(await copyTestDatabase(backup!));
    },
    async clone() {
      return openRestorableNode(dialect, id, await copyTestDatabase(backup!));
    },
    async [Symbol.asyncDispose]() {
      await node.database.close();
      for (const place of [...places, ...(backup ? [backup] : [])]) await place[Symbol.asyncDispose]();
    },
  };
}

async function openAt(place: TestDatabasePlace, id: string): Promise<NodeForTests> {
  return openNodeForTests(await openDatabase({ address: place.address }), id);
}
