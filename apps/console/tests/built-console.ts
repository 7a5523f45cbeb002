import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { oneAtATime } from "./one-at-a-time.ts";

const room = fileURLToPath(new URL("..", import.meta.url));
const page = join(room, "dist/index.html");

/** Has the console built as its source is now, unless it is already; tests that run side by side build it once. */
export async function builtConsole(): Promise<void> {
  await oneAtATime("build", async () => {
    if (await isOld()) await buildAsServed();
  });
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

async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
