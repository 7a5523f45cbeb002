import type { InitOptions } from "../commands/init.ts";
import type { StatusOptions } from "../commands/status.ts";
import type { CommandLine, FolderOption } from "./command-line.ts";

/** To make a node, run it, fill it, and ask it how it is. */
export function addNodeCommands(line: CommandLine): void {
  addInit(line);
  addServe(line);
  addLoad(line);
  addStatus(line);
}

function addInit({ program, terminal, folder }: CommandLine): void {
  program
    .command("init")
    .description("make a new node: its folder, its configuration, its database and its identity")
    .addArgument(program.createArgument("<role>", "what the node is to others").choices(["parent", "child", "hub"]))
    .addOption(folder())
    .option("--id <name>", "the node's name, for ever (default: the role and a few random letters)")
    .option("--port <number>", "the port it will listen on (default: 8080 for a parent, 8081 for a child)")
    .option("--database <address>", "a SQLite file or a postgres:// URL (default: node.db in the folder)")
    .action(async (role: InitOptions["role"], options: Omit<InitOptions, "role">) => {
      const { init } = await import("../commands/init.ts");
      await init({ role, ...options }, terminal);
    });
}

function addServe({ program, terminal, folder }: CommandLine): void {
  program
    .command("serve")
    .description("run the node: its FHIR API, its feeds, and its synchronization; ends cleanly on SIGTERM and SIGINT")
    .addOption(folder())
    .action(async ({ dir }: FolderOption) => {
      const { serve } = await import("../commands/serve.ts");
      await serve({ dir }, terminal);
    });
}

function addLoad({ program, terminal, folder }: CommandLine): void {
  program
    .command("load")
    .description(
      "load FHIR records from files: transaction and batch Bundles, single resources, NDJSON; .gz is unpacked",
    )
    .argument("<files...>", "files, or folders whose .json, .ndjson and .gz files are meant")
    .addOption(folder())
    .action(async (files: string[], { dir }: FolderOption) => {
      const { load } = await import("../commands/load.ts");
      await load({ dir, files }, terminal);
    });
}

function addStatus({ program, terminal, place }: CommandLine): void {
  place(program.command("status"))
    .description("say what the node holds and how far it is in step; of one record, which nodes above have it")
    .argument("[reference]", "a record, such as Patient/123")
    .option("--json", "as one JSON object")
    .action(async (reference: string | undefined, options: StatusOptions) => {
      if (reference !== undefined) {
        const { recordReach } = await import("../commands/record-reach.ts");
        return recordReach({ ...options, reference }, terminal);
      }
      const { status } = await import("../commands/status.ts");
      await status(options, terminal);
    });
}
