import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Random, systemClock } from "@tributary/kernel";

/** A process that is started again whenever it is killed. */
export interface Role {
  readonly script: URL;
  /** What the process is started with; `life` counts from 0. */
  readonly parametersOf: (life: number) => readonly string[];
}

/** No process lives longer than this once it works. */
const lifeMsMax = 250;

/**
 * Lets every role live, work, be killed at a random moment (SIGKILL, so nothing can be tidied up) and live again, until
 * there have been so many kills. Resolves when the last of the processes is gone.
 *
 * Throws when a process ends by itself: then it is the process that fails, not the storm that kills it.
 */
export async function killUntil(roles: readonly Role[], killsMin: number, random: Random): Promise<number> {
  let kills = 0;
  await Promise.all(
    roles.map(async (role) => {
      for (let life = 0; kills < killsMin; life++) {
        await liveOnce(role, life, random);
        kills += 1;
      }
    }),
  );
  return kills;
}

/** Starts a role's process for good; disposing of the result kills it. */
export async function start(role: Role): Promise<AsyncDisposable> {
  const child = await startWorking(role, 1_000_000);
  return { [Symbol.asyncDispose]: () => kill(child) };
}

async function liveOnce(role: Role, life: number, random: Random): Promise<void> {
  const child = await startWorking(role, life);
  await systemClock.sleep(random.next() * lifeMsMax);
  await kill(child);
}

async function startWorking(role: Role, life: number): Promise<ChildProcess> {
  const child = fork(fileURLToPath(role.script), role.parametersOf(life), {
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2_000);
  });
  await new Promise<void>((working, failed) => {
    child.once("message", () => working());
    child.once("exit", (code) => failed(new Error(`${role.script.pathname} ended with code ${code}: ${said}`)));
  });
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`A process ended by itself, with code ${child.exitCode}.`);
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGKILL");
  await gone;
}
