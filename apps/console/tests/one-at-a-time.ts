import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Where the processes of the tests tell each other what they are at. */
const room = join(tmpdir(), "tributary-console-tests");
const askAgainMs = 100;
/** Longer than a file that was just made takes to get its content. */
const namelessMs = 10_000;

/** Does something that only one process of this machine may do at a time; the others wait for their turn. */
export async function oneAtATime<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  while (!(await claim(name))) await pause(askAgainMs);
  try {
    return await work();
  } finally {
    await rm(join(room, name), { force: true });
  }
}

/** Takes a name for this process, unless one that still runs has it. What a killed process had is free again. */
export async function claim(name: string): Promise<boolean> {
  await mkdir(room, { recursive: true });
  const path = join(room, name);
  if (await isLeftBehind(path)) await rm(path, { force: true });
  return writeFile(path, String(process.pid), { flag: "wx" }).then(
    () => true,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === "EEXIST") return false;
      throw cause;
    },
  );
}

async function isLeftBehind(path: string): Promise<boolean> {
  const [holder, made] = await Promise.all([readFile(path, "utf8"), stat(path)]).catch(() => []);
  if (holder === undefined || made === undefined) return false;
  return holder === "" ? Date.now() - made.mtimeMs > namelessMs : !isRunning(Number(holder));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}
