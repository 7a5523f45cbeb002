import type { Command, Option } from "commander";
import type { Terminal } from "../terminal.ts";

/** What the commands are added to, group by group; each group of commands takes from it what it needs. */
export interface CommandLine {
  readonly program: Command;
  readonly terminal: Terminal;
  /** Sets the exit code of a command that ended without an error. */
  readonly setExitCode: SetExitCode;
  /** The option that names the node's folder, made anew for each command. */
  readonly folder: () => Option;
  /** The options that name a node: by its folder, or running and by its address. */
  readonly place: (command: Command) => Command;
}

export type SetExitCode = (code: number) => void;

/** What a command is called with that takes the node's folder and nothing else. */
export interface FolderOption {
  readonly dir: string;
}
