import { readdir, readFile } from "node:fs/promises";
import type { ServedNode } from "../program/served-node.ts";

/** Stops a node's process where it stands: its connections stay open and nothing answers. It must serve. */
export async function freeze(node: ServedNode): Promise<void> {
  process.kill(await pidOf(node), "SIGSTOP");
}

/** Lets it go on, as if no time had passed for it. */
export async function thaw(node: ServedNode): Promise<void> {
  process.kill(await pidOf(node), "SIGCONT");
}

/** The process that serves from a node's folder, which no other one does; found as the system lists it, on Linux. */
async function pidOf({ folder }: ServedNode): Promise<number> {
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const words = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    if (words.includes(`\0serve\0--dir\0${folder}\0`)) return Number(name);
  }
  throw new Error(`No process serves from ${folder}.`);
}
