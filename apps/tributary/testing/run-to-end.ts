import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../bin/tributary.js", import.meta.url));

/** A command of the program that has ended, with what it printed and what it noted beside. */
export interface Ended {
  /** `null` when it was killed. */
  readonly code: number | null;
  /** What killed it. */
  readonly signal: NodeJS.Signals | null;
  readonly printed: string;
  readonly noted: string;
}

/** Runs one command of the program, as a user would, to its end; whatever that end is. */
export function runToEnd(...words: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let [printed, noted] = ["", ""];
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  child.stderr.on("data", (chunk) => {
    noted += chunk;
  });
  return new Promise((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal, printed: printed.trim(), noted })),
  );
}
