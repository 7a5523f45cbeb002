import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Where the program begins; a plain JavaScript file that `node` runs. */
export const program = fileURLToPath(new URL("../../apps/tributary/bin/tributary.js", import.meta.url));

/** Runs one command of the program to its end and returns what it printed. */
export async function tributary(...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words], { maxBuffer: 2 ** 26 });
  return stdout.trim();
}

/** Runs one command of the program to its end, however it ends. */
export async function runToEnd(...words: string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: `${stdout}${stderr}`.trim() });
    });
  });
}
