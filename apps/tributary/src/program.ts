import { Command, Option } from "commander";
import { addAccessCommands } from "./command-line/access-commands.ts";
import { addAuditCommands } from "./command-line/audit-commands.ts";
import { addByStickCommands } from "./command-line/by-stick-commands.ts";
import { addCareCommands } from "./command-line/care-commands.ts";
import { addCatchmentCommands } from "./command-line/catchment-commands.ts";
import type { CommandLine, SetExitCode } from "./command-line/command-line.ts";
import { addConflictCommands } from "./command-line/conflict-commands.ts";
import { addDemoCommand } from "./command-line/demo-command.ts";
import { addEnrolmentCommands } from "./command-line/enrolment-commands.ts";
import { addFailureCommands } from "./command-line/failure-commands.ts";
import { addFeedCommands } from "./command-line/feed-commands.ts";
import { addGuestCommands } from "./command-line/guest-commands.ts";
import { addNodeCommands } from "./command-line/node-commands.ts";
import { addRecordCommands } from "./command-line/record-commands.ts";
import { addRoundCommands } from "./command-line/round-commands.ts";
import { addSettingsCommands } from "./command-line/settings-commands.ts";
import { addWatchCommands } from "./command-line/watch-commands.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

/** The commands as `--help` shows them: under each heading the groups that stand there. */
const groups: readonly (readonly [heading: string, ...(readonly ((line: CommandLine) => void)[])])[] = [
  ["To see it at work:", addDemoCommand],
  ["A node:", addNodeCommands],
  ["Parent and child:", addEnrolmentCommands, addCatchmentCommands, addGuestCommands],
  ["In step:", addRoundCommands, addSettingsCommands],
  ["Where there is no line:", addByStickCommands],
  ["What waits for somebody:", addConflictCommands, addFailureCommands],
  ["What happened:", addAuditCommands, addRecordCommands, addFeedCommands],
  ["Who may use it:", addAccessCommands],
  ["To keep it well:", addWatchCommands, addCareCommands],
];

const epilogue = `
Exit codes: 0 done; 1 failed (the message says why); 2 the command line, the configuration or the folder is not right.
Every message ends with a code such as CONFIG_INVALID; docs/reference/errors.md explains each.`;

/** The command line: every command with its options. A command's code is imported when it is called, not before. */
export function buildProgram(terminal: Terminal, setExitCode: SetExitCode): Command {
  const program = new Command("tributary")
    .description(
      "Keeps clinic servers and their central server in step: FHIR R4 records over networks that come and go.",
    )
    .version(version, "-V, --version", "print the version")
    .helpCommand(false)
    .showHelpAfterError("Run it with --help to see what it takes.")
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .exitOverride()
    .addHelpText("after", epilogue);
  const folder = () => folderOption(terminal);
  const place = (command: Command) => addPlace(command, terminal);
  for (const [heading, ...added] of groups) {
    program.commandsGroup(heading);
    for (const add of added) add({ program, terminal, setExitCode, folder, place });
  }
  return program;
}

function folderOption(terminal: Terminal): Option {
  const standard = terminal.environment["TRIBUTARY_DIR"] || ".";
  return new Option("-d, --dir <folder>", "the node's folder (also TRIBUTARY_DIR)").default(standard);
}

/** A folder that is named goes before an address that the environment names. */
function addPlace(command: Command, terminal: Terminal): Command {
  const standard = terminal.environment["TRIBUTARY_NODE"];
  const node = new Option("--node <url>", "ask a running node there instead (also TRIBUTARY_NODE)").conflicts("dir");
  return command
    .addOption(folderOption(terminal).implies({ node: undefined }))
    .addOption(standard ? node.default(standard) : node)
    .option("--token-file <file>", "with --node: where its token stands (else in TRIBUTARY_TOKEN)");
}
