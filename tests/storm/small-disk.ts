import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A file system of a few megabytes, which other things can fill. */
export interface SmallDisk extends AsyncDisposable {
  readonly folder: string;
  /** Takes all room but so many bytes. */
  fillUpTo(leftBytes: number): Promise<void>;
  /** Gives that room back. */
  makeRoom(): Promise<void>;
}

/** Mounts a small file system in memory; `undefined` where this process may not, which takes root on Linux. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-small-disk-"));
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "none", folder]);
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
  const ballast = join(folder, "ballast");
  await mkdir(join(folder, "node"));
  return {
    folder: join(folder, "node"),
    async fillUpTo(leftBytes) {
      const { bavail, bsize } = await statfs(folder);
      await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leftBytes)));
    },
    async makeRoom() {
      await rm(ballast);
    },
    async [Symbol.asyncDispose]() {
      await run("umount", ["-l", folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
