import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const room = fileURLToPath(new URL("..", import.meta.url));
const page = join(room, "dist/index.html");
/** There while one test builds; the others wait for it. */
const lock = join(room, "node_modules/.building");
/** Longer than a build takes on a slow machine; a lock that is older was left by a test that was killed. */
const lockStaleMs = 60_000;
const askAgainMs = 200;

/** Has the console built as its source is now, unless it is already; tests that run side by side build it once. */
export async function builtConsole(): Promise<void> {
  while (await isOld()) {
    if (!(await isLocked())) {
      await buildAsServed().finally(() => rm(lock, { recursive: true, force: true }));
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
  }
}

/** Builds what nodes serve, whatever the environment of the tests is called. */
async function buildAsServed(): Promise<void> {
  const { NODE_ENV: called } = process.env;
  process.env["NODE_ENV"] = "production";
  try {
    await build({ root: room, logLevel: "error" });
  } finally {
    if (called === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = called;
  }
}

async function isOld(): Promise<boolean> {
  const builtAt = await changedAt(page);
  const names = await readdir(join(room, "src"), { recursive: true });
  const sources = [
    ...names.map((name) => join(room, "src", name)),
    join(room, "index.html"),
    join(room, "vite.config.ts"),
  ];
  const changed = await Promise.all(sources.filter((path) => !path.endsWith(".test.ts")).map(changedAt));
  return Math.max(...changed) > builtAt;
}

/** Takes the lock, unless another test has it. */
async function isLocked(): Promise<boolean> {
  if (Date.now() - (await changedAt(lock)) > lockStaleMs) await rm(lock, { recursive: true, force: true });
  await mkdir(join(lock, ".."), { recursive: true });
  return mkdir(lock).then(
    () => false,
    () => true,
  );
}

async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
