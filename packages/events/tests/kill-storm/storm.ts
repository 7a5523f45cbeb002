import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Random, systemClock } from "@tributary/kernel";

/** A process that says when it is ready and whenever it has done a piece of its work; it is started again when killed. */
export interface Role {
  readonly script: URL;
  /** What the process is started with; `life` counts from 0. */
  readonly parametersOf: (life: number) => readonly string[];
  /** The process is killed a moment after some piece of work, this one at the latest. */
  readonly piecesMax: number;
}

/** A process that is ready and finds nothing to do is killed after this time. */
const idleMsMax = 250;
/** The kill comes so many milliseconds after a piece of work at most, and so anywhere in the next one. */
const momentMsMax = 12;

/**
 * Lets every role live, work, be killed at a random moment (SIGKILL, so nothing can be tidied up) and live again, until
 * there have been so many kills. Resolves with their number when the last of the processes is gone.
 *
 * Throws when a process ends by itself: then it is the process that fails, not the storm that kills it.
 */
export async function killUntil(
  roles: readonly Role[],
  killsMin: number,
  codeCache: string,
  random: Random,
): Promise<number> {
  let kills = 0;
  await Promise.all(
    roles.map(async (role) => {
      for (let life = 0; kills < killsMin; life++) {
        const pieces = 1 + Math.floor(random.next() * role.piecesMax);
        const child = start(role, life, codeCache);
        await workDone(child, pieces);
        await systemClock.sleep(random.next() * momentMsMax);
        await kill(child);
        kills += 1;
      }
    }),
  );
  return kills;
}

/** Starts a role's process and leaves it alone; disposing of the result kills it. */
export function startUndisturbed(role: Role, codeCache: string): AsyncDisposable {
  const child = start(role, 0, codeCache);
  return { [Symbol.asyncDispose]: () => kill(child) };
}

function start(role: Role, life: number, codeCache: string): ChildProcess {
  return fork(fileURLToPath(role.script), role.parametersOf(life), {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, NODE_COMPILE_CACHE: codeCache },
  });
}

/** Resolves after so many pieces of work, or when after one the next does not come. */
async function workDone(child: ChildProcess, pieces: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let heard = 0;
  let idle: NodeJS.Timeout | undefined;
  child.on("message", () => {
    // The first message says that the process is ready.
    heard += 1;
    clearTimeout(idle);
    if (heard > pieces) resolve();
    else idle = setTimeout(resolve, idleMsMax);
  });
  child.once("exit", () => resolve());
  await promise;
  clearTimeout(idle);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`A process ended by itself, with code ${child.exitCode}.`);
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGKILL");
  await gone;
}
