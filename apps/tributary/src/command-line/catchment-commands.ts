import { Option } from "commander";
import type { CatchmentOptions, RuleOptions, SetCatchmentOptions } from "../commands/catchment.ts";
import type { CommandLine } from "./command-line.ts";

/** `tributary catchment`: whose records each child holds. */
export function addCatchmentCommands({ program, terminal, folder }: CommandLine): void {
  const catchment = program
    .command("catchment")
    .description("at a parent: whose records each child holds, and by which rules");
  const rule = () =>
    new Option(
      "--rule <json>",
      'the rule: {"location":{"address":"Kenya%Nairobi"}}, or @ and a file',
    ).makeOptionMandatory();
  catchment
    .command("list", { isDefault: true })
    .description("list the catchments, how many patients each holds, and which children have it")
    .addOption(folder())
    .option("--json", "print JSON")
    .action(async (options: CatchmentOptions) => {
      const { listAllCatchments } = await import("../commands/catchment.ts");
      await listAllCatchments(options, terminal);
    });
  catchment
    .command("show")
    .description("show the rule of a catchment, and the rules that it had")
    .argument("<name>", "the catchment")
    .addOption(folder())
    .option("--json", "print JSON")
    .action(async (name: string, options: CatchmentOptions) => {
      const { showCatchment } = await import("../commands/catchment.ts");
      await showCatchment(name, options, terminal);
    });
  catchment
    .command("preview")
    .description("tell whom a rule would let in and out for each child; nothing is changed")
    .argument("<name>", "the catchment, or a new one")
    .addOption(rule())
    .addOption(folder())
    .option("--json", "print JSON")
    .action(async (name: string, options: RuleOptions) => {
      const { previewCatchment } = await import("../commands/catchment.ts");
      await previewCatchment(name, options, terminal);
    });
  catchment
    .command("set")
    .description("put a rule into force, for a new catchment or one that is there")
    .argument("<name>", "the catchment: small letters, digits and hyphens")
    .addOption(rule())
    .addOption(folder())
    .option("--reason <text>", "why; it is kept with the rule")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (name: string, options: SetCatchmentOptions) => {
      const { setCatchment } = await import("../commands/catchment.ts");
      await setCatchment(name, options, terminal);
    });
  catchment
    .command("assign")
    .description("give a child a catchment, from its next round on; everything is always one")
    .argument("<child>", "the child's name")
    .argument("<catchment>", "the catchment")
    .addOption(folder())
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (child: string, name: string, options: CatchmentOptions & { readonly as?: string }) => {
      const { assignToChild } = await import("../commands/catchment.ts");
      await assignToChild(child, name, options, terminal);
    });
  catchment
    .command("members")
    .description("list the patients of a catchment, since when and by which rule")
    .argument("<name>", "the catchment")
    .addOption(folder())
    .option("--after <patient>", "go on behind this patient")
    .option("--limit <number>", "patients at a time", "50")
    .option("--json", "print JSON")
    .action(async (name: string, options: CatchmentOptions & { readonly limit: string }) => {
      const { showMembers } = await import("../commands/catchment.ts");
      await showMembers(name, options, terminal);
    });
  catchment
    .command("types")
    .description("list, or set, the resource types that every child may have")
    .addOption(folder())
    .option("--set <types>", "the types, joined by commas; empty for the usual ones")
    .option("--json", "print JSON")
    .action(async (options: CatchmentOptions & { readonly set?: string }) => {
      const { showTypes } = await import("../commands/catchment.ts");
      await showTypes(options, terminal);
    });
}
