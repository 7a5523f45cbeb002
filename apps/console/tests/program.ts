import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../tributary/bin/tributary.js", import.meta.url));

/** Between two looks at whether a node has come as far. */
const askAgainMs = 30;

/** Runs one command of the program as a user would, and returns what it printed. Throws with what it noted when it fails. */
export async function tributary(...words: string[]): Promise<string> {
  const child = spawn(process.execPath, [program, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let [printed, noted] = ["", ""];
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  child.stderr.on("data", (chunk) => {
    noted += chunk;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`tributary ${words.join(" ")} ended with ${code}: ${noted}`);
  return printed.trim();
}

/** A node that serves, as a process of its own; disposing of it ends it. */
export interface Serving extends AsyncDisposable {
  /** Waits for the one-time link that it prints when it has no users. */
  readonly setUpLink: () => Promise<string>;
}

/** Starts `tributary serve`, and waits until it answers. */
export async function serve(
  folder: string,
  url: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Serving> {
  // The channel ends the node with this process, however that ends.
  const child = spawn(process.execPath, [program, "serve", "--dir", folder], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, ...settings },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      said += chunk;
    });
  }
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  while (!(await fetch(`${url}/health`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error(`The node in ${folder} ended: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
  }
  return {
    setUpLink: async () => {
      for (;;) {
        const link = /https?:\/\/\S+\/console\/setup#[\w-]+/.exec(said)?.[0];
        if (link) return link;
        if (child.exitCode !== null) throw new Error(`The node in ${folder} ended: ${said}`);
        await new Promise((resolve) => setTimeout(resolve, askAgainMs));
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
