import { errorCatalogue, TributaryError } from "@tributary/kernel";
import { CommanderError } from "commander";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { buildProgram } from "./program.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** Runs one command line and returns the exit code; it never throws. */
export async function main(words: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = buildProgram(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...words], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.misused;
    explain(error, terminal);
    return exitCodeOf(error);
  }
}

function explain(error: unknown, terminal: Terminal): void {
  if (error instanceof TributaryError) {
    terminal.note(`Error: ${error.message} [${error.code}]\n${errorCatalogue[error.code].remedy}`);
    return;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.note(`Error: this is a defect of the program; please report it with the lines below.\n${trace}`);
}
