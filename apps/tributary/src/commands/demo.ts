import { resolve } from "node:path";
import { systemClock as clock, seededRandom, TributaryError } from "@tributary/kernel";
import type { DemoPlan } from "../demo/demo-plan.ts";
import { summaryOf } from "../demo/demo-result.ts";
import { runOnce } from "../demo/run-demo.ts";
import { runLive } from "../demo/run-live.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

export interface DemoOptions {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly patients: string;
  readonly seed: string;
  readonly data?: string;
  readonly postgres?: boolean;
  readonly dir?: string;
  readonly keep?: boolean;
}

/** A hundred thousand patients are some two million records: an evening's work for one machine. */
const patientsMax = 100_000;

const takenDown = "Stopped; everything has been taken down.";

/** `tributary demo`: returns the exit code; 1 when a single round did not converge. */
export async function demo(options: DemoOptions, terminal: Terminal): Promise<number> {
  if (options.json && !options.once) throw misuse("--json tells the result of one round; add --once.");
  const stop = new AbortController();
  const end = () => stop.abort(new DemoStopped());
  process.once("SIGINT", end).once("SIGTERM", end);
  const plan = planFrom(options, terminal, stop.signal);
  try {
    if (!options.once) {
      await runLive(plan);
      terminal.note(takenDown);
      return exitCodes.done;
    }
    const result = await runOnce(plan);
    terminal.print(options.json ? JSON.stringify(result) : summaryOf(result));
    return result.converged ? exitCodes.done : exitCodes.failed;
  } catch (error) {
    if (!(stop.signal.aborted && isAbort(error))) throw error;
    terminal.note(takenDown);
    return options.once ? exitCodes.failed : exitCodes.done;
  } finally {
    process.off("SIGINT", end).off("SIGTERM", end);
  }
}

/** The reason with which everything under way is broken off when the demonstration is told to end. */
class DemoStopped extends Error {
  override readonly name = "DemoStopped";
}

function isAbort(error: unknown): boolean {
  return error instanceof DemoStopped || (error instanceof Error && error.name === "AbortError");
}

function planFrom(options: DemoOptions, terminal: Terminal, signal: AbortSignal): DemoPlan {
  const seed = wholeNumber("--seed", options.seed, 0, 2 ** 32 - 1);
  const patients = wholeNumber("--patients", options.patients, 1, patientsMax);
  return {
    source: options.data ? { kind: "folder", folder: resolve(options.data) } : { kind: "generator", seed, patients },
    onPostgres: options.postgres ?? false,
    folder: options.dir ? resolve(options.dir) : undefined,
    keepsFolder: options.keep ?? false,
    random: seededRandom(seed),
    clock,
    terminal,
    signal,
  };
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most && text.trim() !== "") return value;
  throw misuse(`${name} is a whole number from ${least} to ${most}, for example ${name} ${Math.max(least, 10)}.`);
}

function misuse(sentence: string): TributaryError {
  return new TributaryError("CONFIG_INVALID", sentence);
}
