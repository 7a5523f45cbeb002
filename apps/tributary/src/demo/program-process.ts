import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { TributaryError } from "@tributary/kernel";

const program = fileURLToPath(new URL("../../bin/tributary.js", import.meta.url));
/** Lines that are kept of what a process said, for when it fails. */
const linesKept = 20;
/** How long a node may take to end cleanly before it is killed. */
const endWithinMs = 15_000;

/** Runs one command of the program to its end and returns what it printed. Throws when it does not end with 0. */
export async function runProgram(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  const child = start(words, environment);
  const printed: Buffer[] = [];
  const noted: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => printed.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => noted.push(chunk));
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("close", resolve).once("error", reject),
  );
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  if (code !== 0) {
    throw new TributaryError(
      "REMOTE_UNAVAILABLE",
      `tributary ${words[0]} ended with ${code}: ${Buffer.concat(noted).toString().trim()}`,
    );
  }
  return Buffer.concat(printed).toString().trim();
}

/** A node that serves, as a process of its own. Disposing of it ends it cleanly. */
export interface ServingProcess extends AsyncDisposable {
  /** The error of a process that ended by itself, or `undefined` while it runs. */
  failure(): TributaryError | undefined;
}

/** Starts `tributary serve`; every line of its log is handed to `onLine`. */
export function startServing(
  folder: string,
  environment: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): ServingProcess {
  const child = start(["serve", "--dir", folder], environment);
  const last: string[] = [];
  const keep = (line: string) => {
    last.push(line);
    if (last.length > linesKept) last.shift();
  };
  const lines = child.stdout && createInterface({ input: child.stdout });
  lines?.on("line", (line) => {
    keep(line);
    onLine(line);
  });
  if (child.stderr) createInterface({ input: child.stderr }).on("line", keep);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let isToEnd = false;
  return {
    failure() {
      if (isToEnd || (child.exitCode === null && child.signalCode === null)) return undefined;
      const how = child.exitCode ?? child.signalCode;
      return new TributaryError(
        "REMOTE_UNAVAILABLE",
        `The node in ${folder} ended by itself with ${how}: ${last.join("\n")}`,
      );
    },
    async [Symbol.asyncDispose]() {
      isToEnd = true;
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      const kill = setTimeout(() => child.kill("SIGKILL"), endWithinMs);
      await ended;
      clearTimeout(kill);
    },
  };
}

/** The channel tells the child when this process is gone, however it ended; the child then ends too. */
function start(words: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [program, ...words], {
    env: { ...environmentOfNodes(), ...environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}

/** This process's environment without settings that are meant for another node. */
function environmentOfNodes(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("TRIBUTARY_")));
}
