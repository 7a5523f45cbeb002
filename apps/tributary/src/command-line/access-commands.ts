import { Option } from "commander";
import type { NewTokenOptions } from "../commands/token.ts";
import type { AddUserOptions, UserOptions } from "../commands/user.ts";
import type { CommandLine, FolderOption } from "./command-line.ts";

/** Who may use the node: programs by tokens, people by the console. */
export function addAccessCommands(line: CommandLine): void {
  addToken(line);
  addUser(line);
}

function addToken({ program, terminal, folder }: CommandLine): void {
  const token = program
    .command("token")
    .description("make, list and revoke the tokens that let programs call this node");
  token
    .command("create")
    .description("make a token and print it; it is shown this once")
    .argument("<name>", "who will use it")
    .addOption(
      new Option("--role <role>", "what it may do")
        .choices(["viewer", "operator", "reviewer", "administrator"])
        .default("administrator"),
    )
    .option("--days <number>", "how long it can be used (default: until it is revoked)")
    .addOption(folder())
    .action(async (name: string, options: Omit<NewTokenOptions, "name">) => {
      const { createToken } = await import("../commands/token.ts");
      await createToken({ ...options, name }, terminal);
    });
  token
    .command("list")
    .description("list the tokens, without their texts")
    .addOption(folder())
    .action(async ({ dir }: FolderOption) => {
      const { listTokens } = await import("../commands/token.ts");
      await listTokens({ dir }, terminal);
    });
  token
    .command("revoke")
    .description("end a token's life at once")
    .argument("<name>", "the token's name")
    .addOption(folder())
    .action(async (name: string, { dir }: FolderOption) => {
      const { revokeToken } = await import("../commands/token.ts");
      await revokeToken({ dir, name }, terminal);
    });
}

function addUser({ program, terminal, folder }: CommandLine): void {
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
      const { listAllUsers } = await import("../commands/user.ts");
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
      const { addUser } = await import("../commands/user.ts");
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
      const { setUserRole } = await import("../commands/user.ts");
      await setUserRole(name, role, options, terminal);
    });
  user
    .command("reset")
    .description("give a user a new password, which is printed, and take any lock away")
    .argument("<name>", "the user")
    .addOption(folder())
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .action(async (name: string, options: UserOptions) => {
      const { resetUser } = await import("../commands/user.ts");
      await resetUser(name, options, terminal);
    });
  user
    .command("remove")
    .description("remove a user, and end their sessions")
    .argument("<name>", "the user")
    .addOption(folder())
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .action(async (name: string, options: UserOptions) => {
      const { removeOneUser } = await import("../commands/user.ts");
      await removeOneUser(name, options, terminal);
    });
}
