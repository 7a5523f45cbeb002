import type { Database } from "@tributary/database";
import type { JsonObject } from "@tributary/fhir";
import { aPatient } from "@tributary/fhir/testing";
import { enrol, moveAll, type NodeForTests, openNodeForTests, synchronizerOf } from "../../../testing/index.ts";
import type { Exchange } from "../../line/exchange.ts";
import type { Conflict } from "../conflict.ts";
import { listOpenConflicts } from "../conflicts.ts";
import type { ConflictChoice } from "../plan-decision.ts";
import { type ResolveOutcome, resolveConflict } from "../resolve-conflict.ts";

const live = new AbortController().signal;

/** The patient about whom the nodes of a tree quarrel. */
export const contestedPatient = aPatient("p", { birthDate: "1980-01-01", gender: "female" });

/** A parent with two children, and what is put below them. */
export interface ClashingTree extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
  readonly sibling: NodeForTests;
  below(id: string, parent: NodeForTests): Promise<NodeForTests>;
}

/** A parent with two children, all of which have one record. */
export async function openTree(
  open: () => Promise<Database>,
  record: JsonObject = contestedPatient,
): Promise<ClashingTree> {
  const databases: Database[] = [];
  const node = async (id: string) => {
    const database = await open();
    databases.push(database);
    return openNodeForTests(database, id);
  };
  const below = async (id: string, parent: NodeForTests) => {
    const child = await node(id);
    await enrol(child, parent);
    await round(child, parent);
    return child;
  };
  const parent = await node("centre");
  await parent.save(record);
  return {
    parent,
    child: await below("north", parent),
    sibling: await below("south", parent),
    below,
    async [Symbol.asyncDispose]() {
      for (const database of databases) await database.close();
    },
  };
}

export async function push(child: NodeForTests, line: Exchange) {
  await using synchronizer = synchronizerOf(child, line);
  return synchronizer.pushOnce(live);
}

export async function pull(child: NodeForTests, line: Exchange) {
  await using synchronizer = synchronizerOf(child, line);
  const report = await synchronizer.pullOnce(live);
  await moveAll(child.database);
  return report;
}

/** A push and a pull; the parent gives what came its positions in between. */
export async function round(child: NodeForTests, parent: NodeForTests, line: Exchange = parent.answer): Promise<void> {
  await push(child, line);
  await moveAll(parent.database);
  await pull(child, line);
}

/** Changes a record at both ends, each in its own way. */
export async function clashApart(tree: ClashingTree, atParent: JsonObject, atChild: JsonObject): Promise<void> {
  await tree.parent.save(atParent);
  await tree.child.save(atChild);
}

/** Changes a record at both ends, each in its own way, and lets them meet; the youngest open conflict there. */
export async function clash(tree: ClashingTree, atParent: JsonObject, atChild: JsonObject): Promise<Conflict> {
  await clashApart(tree, atParent, atChild);
  await round(tree.child, tree.parent);
  const conflict = (await listOpenConflicts(tree.parent.database, 9)).at(-1);
  if (!conflict) throw new Error("There is no open conflict.");
  return conflict;
}

/** Decides a conflict at a node, in a nurse's name. */
export async function decide(
  { database, store, id: nodeId, clock, random }: NodeForTests,
  conflictId: string,
  choice: ConflictChoice,
): Promise<ResolveOutcome> {
  const request = { conflictId, choice, reason: "The card says so.", author: "nurse" };
  const outcome = await database.transaction((tx) => resolveConflict(tx, { store, nodeId, clock, random }, request));
  await moveAll(database);
  return outcome;
}

/** The patient as a node has it; empty when it is deleted there. */
export async function patientAt(node: NodeForTests): Promise<JsonObject> {
  return JSON.parse((await node.bodies())["Patient/p"] ?? "{}") as JsonObject;
}

/** The patient with another date of birth. */
export function born(birthDate: string, more: JsonObject = {}): JsonObject {
  return { ...contestedPatient, birthDate, ...more };
}
