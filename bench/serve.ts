import { spawn } from "node:child_process";
import { once } from "node:events";
import { program } from "../tests/program/tributary.ts";

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
