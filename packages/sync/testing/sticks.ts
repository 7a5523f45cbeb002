import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "@tributary/database";
import { systemRandom } from "@tributary/kernel";
import { bundleBytesMax } from "../src/carry/bundle.ts";
import { playBundle } from "../src/carry/play-bundle.ts";
import { counting } from "./bad-lines.ts";
import { livingIn, setCatchment } from "./catchments.ts";
import { enrol, moveAll, type NodeForTests, openNodeForTests, synchronizerOf } from "./node-for-tests.ts";

const live = new AbortController().signal;
const noLine = () => {
  throw new Error("There is no line.");
};

/** A parent and a child between which files are carried. */
export interface Sticks extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
  readonly folder: string;
  /** Writes the child's bundle; returns the file. */
  write(): Promise<string>;
  /** Plays it at the parent; returns the answer's file. */
  play(bundle: string, bytesMax?: number): ReturnType<typeof playBundle>;
  take(answer: string): Promise<Awaited<ReturnType<ReturnType<typeof synchronizerOf>["importAnswer"]>>>;
  /** Parent → child → parent → child, once around. */
  around(): Promise<Awaited<ReturnType<Sticks["take"]>>>;
  /** One round over a line. */
  round(): Promise<string[]>;
}

/** Carries files between two nodes; the child is asked for anew each time, since it may have been restored. Disposing of it closes both. */
export function sticksBetween(parent: NodeForTests, at: () => NodeForTests): Sticks {
  const folder = mkdtempSync(join(tmpdir(), "tributary-sticks-"));
  let written = 0;
  const sticks: Sticks = {
    parent,
    get child() {
      return at();
    },
    folder,
    async write() {
      written += 1;
      const file = join(folder, `bundle-${written}`);
      const child = at();
      await using synchronizer = synchronizerOf(child, noLine, { memberships: child.memberships, instance: "here" });
      await synchronizer.exportBundle(file, "nurse", live);
      return file;
    },
    play: (file, bytesMax = bundleBytesMax) => {
      const { database, store, id: nodeId, clock } = parent;
      const answerFile = () => `${file}-answer`;
      return playBundle(
        { database, store, nodeId, clock, random: systemRandom, file, answerFile, bytesMax, author: "operator" },
        live,
      );
    },
    async take(file) {
      const child = at();
      await using synchronizer = synchronizerOf(child, noLine, { memberships: child.memberships, instance: "here" });
      const taken = await synchronizer.importAnswer(file, "nurse", live);
      await moveAll(child.database);
      return taken;
    },
    async around() {
      return sticks.take((await sticks.play(await sticks.write())).answer);
    },
    async round() {
      const child = at();
      const line = counting(parent.answer);
      await using synchronizer = synchronizerOf(child, line, { memberships: child.memberships, instance: "here" });
      await synchronizer.pushOnce(live);
      await moveAll(parent.database);
      await synchronizer.pullOnce(live);
      await moveAll(child.database);
      return line.paths;
    },
    async [Symbol.asyncDispose]() {
      await at().database.close();
      await parent.database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return sticks;
}

/** A parent and a child that was enrolled over a line and has none since. */
export async function openSticks(open: () => Promise<Database>, catchment?: string): Promise<Sticks> {
  const parent = await openNodeForTests(await open(), "centre");
  const child = await openNodeForTests(await open(), "clinic");
  if (catchment) await setCatchment(parent, "kisumu", livingIn("Kisumu"));
  await enrol(child, parent, parent.answer, catchment);
  return sticksBetween(parent, () => child);
}
