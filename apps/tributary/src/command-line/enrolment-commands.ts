import { Option } from "commander";
import type { ListChildrenOptions } from "../commands/children.ts";
import type { AcceptCloneOptions } from "../commands/clones.ts";
import type { EnrolOptions } from "../commands/enrol.ts";
import type { CommandLine } from "./command-line.ts";
import { listed } from "./list-options.ts";

/** Who is whose child. */
export function addEnrolmentCommands(line: CommandLine): void {
  addEnrol(line);
  addNode(line);
}

function addEnrol({ program, terminal, place }: CommandLine): void {
  place(program.command("enrol"))
    .description(
      "let a child in: issue a code at the parent (--new), then use it once in the child's own folder (--parent, --code)",
    )
    .option("--new <name>", "at a parent: issue a code for the child of this name")
    .option("--hours <number>", "how long the code can be used", "24")
    .option("--catchment <name>", "at a parent: the catchment that the child is to have (default: everything)")
    .option("--revoke <name>", "at a parent: take the access of this child away, at once")
    .option("--parent <url>", "at a child: where the parent is")
    .option("--code <code>", "at a child: the code that the parent issued")
    .option("--as <name>", "at a parent: who decides (default: the user of this terminal)")
    .option("--json", "at a parent: print JSON")
    .action(async (options: EnrolOptions & { readonly revoke?: string }) => {
      if (options.revoke !== undefined) {
        const { revoke } = await import("../commands/revoke.ts");
        await revoke(options.revoke, options, terminal);
        return;
      }
      const { enrol } = await import("../commands/enrol.ts");
      await enrol(options, terminal);
    });
}

function addNode({ program, terminal, place }: CommandLine): void {
  const node = program.command("node").description("see to the children of this node");
  listed(place(node.command("list", { isDefault: true })), ["node", "enrolledAt", "lastSeenAt", "catchment"])
    .description("list the nodes that ever enrolled here, and whether each has access")
    .addOption(
      new Option("--access <state>", "only those that have it so").choices(["enrolled", "revoked", "contested"]),
    )
    .option("--json", "print JSON")
    .action(async (options: ListChildrenOptions) => {
      const { listChildren } = await import("../commands/children.ts");
      await listChildren(options, terminal);
    });
  place(node.command("accept-clone"))
    .description("of a child that is at work in two installations, list them, or let one in again")
    .argument("<name>", "the child's name")
    .option("--instance <id>", "the installation that is let in; the others stay refused")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "as one JSON object")
    .action(async (name: string, options: AcceptCloneOptions) => {
      const { acceptClone } = await import("../commands/clones.ts");
      await acceptClone(name, options, terminal);
    });
}
