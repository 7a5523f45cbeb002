import { Option } from "commander";
import type {
  CatchmentOptions,
  ListCatchmentsOptions,
  MembersOptions,
  RuleOptions,
  SetCatchmentOptions,
  TypesOptions,
} from "../commands/catchment.ts";
import type { CommandLine } from "./command-line.ts";
import { listed, sorted } from "./list-options.ts";

/** `tributary catchment`: whose records each child holds. */
export function addCatchmentCommands({ program, terminal, place }: CommandLine): void {
  const catchment = program
    .command("catchment")
    .description("at a parent: whose records each child holds, and by which rules");
  const rule = () =>
    new Option(
      "--rule <json>",
      'the rule: {"location":{"address":"Kenya%Nairobi"}}, or @ and a file',
    ).makeOptionMandatory();
  listed(place(catchment.command("list", { isDefault: true })), ["name", "members"])
    .description("list the catchments, how many patients each holds, and which children have it")
    .option("--json", "print JSON")
    .action(async (options: ListCatchmentsOptions) => {
      const { listAllCatchments } = await import("../commands/catchment.ts");
      await listAllCatchments(options, terminal);
    });
  place(catchment.command("show"))
    .description("show the rule of a catchment, and the rules that it had")
    .argument("<name>", "the catchment")
    .option("--json", "print JSON")
    .action(async (name: string, options: CatchmentOptions) => {
      const { showCatchment } = await import("../commands/catchment.ts");
      await showCatchment(name, options, terminal);
    });
  place(catchment.command("preview"))
    .description("tell whom a rule would let in and out for each child; nothing is changed")
    .argument("<name>", "the catchment, or a new one")
    .addOption(rule())
    .option("--json", "print JSON")
    .action(async (name: string, options: RuleOptions) => {
      const { previewCatchment } = await import("../commands/catchment.ts");
      await previewCatchment(name, options, terminal);
    });
  place(catchment.command("set"))
    .description("put a rule into force, for a new catchment or one that is there")
    .argument("<name>", "the catchment: small letters, digits and hyphens")
    .addOption(rule())
    .option("--reason <text>", "why; it is kept with the rule")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (name: string, options: SetCatchmentOptions) => {
      const { setCatchment } = await import("../commands/catchment.ts");
      await setCatchment(name, options, terminal);
    });
  place(catchment.command("assign"))
    .description("give a child a catchment, from its next round on; everything is always one")
    .argument("<child>", "the child's name")
    .argument("<catchment>", "the catchment")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (child: string, name: string, options: CatchmentOptions) => {
      const { assignToChild } = await import("../commands/catchment.ts");
      await assignToChild(child, name, options, terminal);
    });
  sorted(listed(place(catchment.command("members"))), ["patient", "since"])
    .description("list the patients of a catchment, since when and by which rule")
    .argument("<name>", "the catchment")
    .addOption(new Option("--state <state>", "only those who are in it so").choices(["member", "suspended", "left"]))
    .option("--begins <text>", "only those whose ids begin so")
    .option("--json", "print JSON")
    .action(async (name: string, options: MembersOptions) => {
      const { showMembers } = await import("../commands/catchment.ts");
      await showMembers(name, options, terminal);
    });
  place(catchment.command("types"))
    .description("list, or set, the resource types that every child may have")
    .option("--set <types>", "the types, joined by commas; empty for the usual ones")
    .option("--reason <text>", "with --set: why; the audit trail keeps it")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (options: TypesOptions) => {
      const { showTypes } = await import("../commands/catchment.ts");
      await showTypes(options, terminal);
    });
}
