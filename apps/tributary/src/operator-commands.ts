import { type Command, Option } from "commander";
import type { AddUserOptions, UserOptions } from "./commands/user.ts";
import type { SetExitCode } from "./program.ts";
import type { Terminal } from "./terminal.ts";

/** The option that names the node's folder, made anew for each command. */
export type FolderOptionOf = () => Option;

/** `tributary user`: who may use the console. */
export function addUserCommands(program: Command, folder: FolderOptionOf, terminal: Terminal): void {
  const user = program.command("user").description("keep the users of the console, and what each may do");
  const roles = () =>
    new Option("--role <role>", "what the user may do")
      .choices(["viewer", "operator", "reviewer", "administrator"])
      .default("viewer");
  user
    .command("list", { isDefault: true })
    .description("list the users with their roles, and when they were last here")
    .addOption(folder())
    .option("--json", "print JSON")
    .action(async (options: UserOptions) => {
      const { listAllUsers } = await import("./commands/user.ts");
      await listAllUsers(options, terminal);
    });
  user
    .command("add")
    .description("make a user; a password is made up and printed, this once")
    .argument("<name>", "small letters, digits, dots, hyphens")
    .addOption(roles())
    .option("--language <language>", "en or fr")
    .addOption(folder())
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (name: string, options: AddUserOptions) => {
      const { addUser } = await import("./commands/user.ts");
      await addUser(name, options, terminal);
    });
  user
    .command("role")
    .description("give a user another role")
    .argument("<name>", "the user")
    .argument("<role>", "viewer, operator, reviewer or administrator")
    .addOption(folder())
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .action(async (name: string, role: string, options: UserOptions) => {
      const { setUserRole } = await import("./commands/user.ts");
      await setUserRole(name, role, options, terminal);
    });
  user
    .command("reset")
    .description("give a user a new password, which is printed, and take any lock away")
    .argument("<name>", "the user")
    .addOption(folder())
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .action(async (name: string, options: UserOptions) => {
      const { resetUser } = await import("./commands/user.ts");
      await resetUser(name, options, terminal);
    });
  user
    .command("remove")
    .description("remove a user, and end their sessions")
    .argument("<name>", "the user")
    .addOption(folder())
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .action(async (name: string, options: UserOptions) => {
      const { removeOneUser } = await import("./commands/user.ts");
      await removeOneUser(name, options, terminal);
    });
}

/** `tributary doctor` and `tributary support-bundle`: what is wrong, and what to send to those who help. */
export function addDoctorCommands(
  program: Command,
  folder: FolderOptionOf,
  terminal: Terminal,
  setExitCode: SetExitCode,
): void {
  program
    .command("doctor")
    .description("check configuration, database, disk, clock, line and certificate, and say what to do about each")
    .addOption(folder())
    .option("--json", "print JSON")
    .action(async (options: { readonly dir: string; readonly json?: boolean }) => {
      const { doctor } = await import("./commands/doctor.ts");
      setExitCode(await doctor(options, terminal));
    });
  program
    .command("support-bundle")
    .description("write what helpers need to know to one JSON file, without secrets and without a word of any record")
    .requiredOption("--to <file>", "where the file is to be")
    .addOption(folder())
    .action(async (options: { readonly dir: string; readonly to: string }) => {
      const { writeSupportBundle } = await import("./commands/support-bundle.ts");
      await writeSupportBundle(options, terminal);
    });
}
