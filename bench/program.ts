import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Where the program begins; a plain JavaScript file that `node` runs. */
export const program = fileURLToPath(new URL("../apps/tributary/bin/tributary.js", import.meta.url));

/** Runs one command of the program to its end and returns what it printed. */
export async function tributary(...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words], { maxBuffer: 2 ** 26 });
  return stdout.trim();
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (typeof address !== "object" || !address) throw new Error("The machine gave no port.");
  return address.port;
}

/**
 * Serves a node in a process of its own until the stack is disposed of; resolves with the process's id when it takes
 * requests.
 */
export async function serve(folder: string, stack: AsyncDisposableStack): Promise<number> {
  const node = spawn(process.execPath, [program, "serve", "--dir", folder], { stdio: ["ignore", "pipe", "inherit"] });
  stack.defer(async () => {
    const ended = once(node, "exit");
    node.kill("SIGTERM");
    await ended;
  });
  await once(node.stdout, "data");
  return node.pid ?? 0;
}
