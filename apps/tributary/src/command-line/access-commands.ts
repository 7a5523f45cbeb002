import { Option } from "commander";
import type { ListTokensOptions, NewTokenOptions, TokenOptions } from "../commands/token.ts";
import type { AddUserOptions, ListUsersOptions, UserOptions } from "../commands/user.ts";
import type { CommandLine } from "./command-line.ts";
import { listed } from "./list-options.ts";

const roles = ["viewer", "operator", "reviewer", "administrator"] as const;

/** Who may use the node: programs by tokens, people by the console. */
export function addAccessCommands(line: CommandLine): void {
  addToken(line);
  addUser(line);
}

function addToken({ program, terminal, place }: CommandLine): void {
  const token = program
    .command("token")
    .description("make, list and revoke the tokens that let programs call this node");
  place(token.command("create"))
    .description("make a token and print it; it is shown this once")
    .argument("<name>", "who will use it")
    .addOption(new Option("--role <role>", "what it may do").choices(roles).default("administrator"))
    .option("--days <number>", "how long it can be used (default: until it is revoked)")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (name: string, options: NewTokenOptions) => {
      const { createToken } = await import("../commands/token.ts");
      await createToken(name, options, terminal);
    });
  listed(place(token.command("list")), ["name", "createdAt", "expiresAt", "lastUsedAt"])
    .description("list the tokens, without their texts")
    .addOption(new Option("--state <state>", "only those that are so").choices(["living", "expired", "revoked"]))
    .option("--json", "print JSON")
    .action(async (options: ListTokensOptions) => {
      const { listTokens } = await import("../commands/token.ts");
      await listTokens(options, terminal);
    });
  place(token.command("revoke"))
    .description("end a token's life at once")
    .argument("<name>", "the token's name")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (name: string, options: TokenOptions) => {
      const { revokeToken } = await import("../commands/token.ts");
      await revokeToken(name, options, terminal);
    });
}

function addUser({ program, terminal, place }: CommandLine): void {
  const user = program.command("user").description("keep the users of the console, and what each may do");
  listed(place(user.command("list", { isDefault: true })), ["name", "role", "lastSeenAt"])
    .description("list the users with their roles, and when they were last here")
    .addOption(new Option("--role <role>", "only those who have it").choices(roles))
    .option("--json", "print JSON")
    .action(async (options: ListUsersOptions) => {
      const { listAllUsers } = await import("../commands/user.ts");
      await listAllUsers(options, terminal);
    });
  place(user.command("add"))
    .description("make a user; a password is made up and printed, this once")
    .argument("<name>", "small letters, digits, dots, hyphens")
    .addOption(new Option("--role <role>", "what the user may do").choices(roles).default("viewer"))
    .addOption(new Option("--language <language>", "in which the console begins").choices(["en", "fr"]))
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (name: string, options: AddUserOptions) => {
      const { addUser } = await import("../commands/user.ts");
      await addUser(name, options, terminal);
    });
  place(user.command("role"))
    .description("give a user another role")
    .argument("<name>", "the user")
    .addArgument(program.createArgument("<role>", "what the user may do from now on").choices(roles))
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (name: string, role: (typeof roles)[number], options: UserOptions) => {
      const { setUserRole } = await import("../commands/user.ts");
      await setUserRole(name, role, options, terminal);
    });
  place(user.command("reset"))
    .description("give a user a new password, which is printed, and take any lock away")
    .argument("<name>", "the user")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (name: string, options: UserOptions) => {
      const { resetUser } = await import("../commands/user.ts");
      await resetUser(name, options, terminal);
    });
  place(user.command("remove"))
    .description("remove a user, and end their sessions")
    .argument("<name>", "the user")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (name: string, options: UserOptions) => {
      const { removeOneUser } = await import("../commands/user.ts");
      await removeOneUser(name, options, terminal);
    });
}
