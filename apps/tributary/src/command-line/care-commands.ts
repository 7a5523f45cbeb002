import type { AdminOptions } from "../admin-connection/open-admin.ts";
import type { BackupOptions } from "../commands/backup.ts";
import type { SupportBundleOptions } from "../commands/support-bundle.ts";
import type { CommandLine } from "./command-line.ts";

/** To keep a node well: copies, check-ups, and what to send to those who help. */
export function addCareCommands(line: CommandLine): void {
  addBackup(line);
  addDoctor(line);
  addOpenApi(line);
}

function addBackup({ program, terminal, folder }: CommandLine): void {
  program
    .command("backup")
    .description("write a consistent copy of the node's database to a new file and check it, while the node goes on")
    .addOption(folder())
    .requiredOption("--to <file>", "where the copy is to be")
    .option("--json", "as one JSON object")
    .action(async (options: BackupOptions) => {
      const { backup } = await import("../commands/backup.ts");
      await backup(options, terminal);
    });
}

function addOpenApi({ program, terminal, place }: CommandLine): void {
  place(program.command("openapi"))
    .description(
      "print the admin API as an OpenAPI document: each request, what it takes and answers, and who may make it",
    )
    .addHelpText("after", "\nExample: tributary openapi > openapi.json")
    .action(async (options: AdminOptions) => {
      const { printOpenApi } = await import("../commands/openapi.ts");
      await printOpenApi(options, terminal);
    });
}

function addDoctor({ program, terminal, folder, place, setExitCode }: CommandLine): void {
  program
    .command("doctor")
    .description("check configuration, database, disk, clock, line and certificate, and say what to do about each")
    .addOption(folder())
    .option("--json", "print JSON")
    .action(async (options: { readonly dir: string; readonly json?: boolean }) => {
      const { doctor } = await import("../commands/doctor.ts");
      setExitCode(await doctor(options, terminal));
    });
  place(program.command("support-bundle"))
    .description("write what helpers need to know to one JSON file, without secrets and without a word of any record")
    .requiredOption("--to <file>", "where the file is to be")
    .option("--log <file>", "a file with the node's log, whose last lines are put in, cleaned of people and records")
    .action(async (options: SupportBundleOptions) => {
      const { writeSupportBundle } = await import("../commands/support-bundle.ts");
      await writeSupportBundle(options, terminal);
    });
}
