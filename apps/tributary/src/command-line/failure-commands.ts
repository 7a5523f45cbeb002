import { Option } from "commander";
import type { EditFailedOptions } from "../commands/edit-failed.ts";
import type { DiscardFailedOptions, FailedOptions, ListFailedOptions, RetryFailedOptions } from "../commands/failed.ts";
import type { CommandLine } from "./command-line.ts";
import { listed } from "./list-options.ts";

const sorts = ["place", "class", "attempts", "firstFailedAt", "lastFailedAt", "nextAttemptAt"];

/** `tributary failed`: what could not be sent or taken in. */
export function addFailureCommands({ program, terminal, place }: CommandLine): void {
  const failed = program
    .command("failed")
    .description("list, show, mend, retry and discard what could not be sent to the parent or taken in from it");
  listed(place(failed.command("list", { isDefault: true })), sorts)
    .description("list what failed: identifiers and codes, nothing of the records")
    .option("--class <class>", "only those of one class: transient, dependency, invalid, …")
    .addOption(
      new Option("--kind <kind>", "only the parent's records, own units, or decisions").choices([
        "pull",
        "push",
        "decision",
      ]),
    )
    .option("--json", "print JSON")
    .action(async (options: ListFailedOptions) => {
      const { listFailed } = await import("../commands/failed.ts");
      await listFailed(options, terminal);
    });
  place(failed.command("show"))
    .description("show one failure: what the parent said, and what the records hold here")
    .argument("<id>", "the failure, as the list names it: pull:Patient/123, push:17 or decision:…")
    .option("--json", "print JSON")
    .action(async (id: string, options: FailedOptions) => {
      const { showFailed } = await import("../commands/failed.ts");
      await showFailed(id, options, terminal);
    });
  place(failed.command("retry"))
    .description("have one failure tried again in the next round, or several")
    .argument("[id]", "the failure, as the list names it")
    .option("--all", "everything on the list")
    .option("--class <class>", "everything of one class: transient, dependency, invalid, …")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (id: string | undefined, options: RetryFailedOptions) => {
      const { retryFailed } = await import("../commands/failed.ts");
      await retryFailed(id, options, terminal);
    });
  place(failed.command("edit"))
    .description("put one record of a failed unit right, and have the unit sent again with it")
    .argument("<id>", "the failure, as the list names it")
    .requiredOption("--file <file>", "the whole record as it should be, as JSON")
    .option("--if-version <number>", "only when the record is at this version here", Number)
    .option("--as <name>", "who edits (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (id: string, options: EditFailedOptions) => {
      const { editFailed } = await import("../commands/edit-failed.ts");
      await editFailed(id, options, terminal);
    });
  place(failed.command("discard"))
    .description("give one failure up, or several; the records stay here as they are")
    .argument("[id]", "the failure, as the list names it")
    .option("--all", "everything on the list")
    .option("--class <class>", "everything of one class: transient, dependency, invalid, …")
    .option("--yes", "with --all or --class: really; without it only the number is told")
    .requiredOption("--reason <text>", "why; the audit trail keeps it")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (id: string | undefined, options: DiscardFailedOptions) => {
      const { discardFailed } = await import("../commands/failed.ts");
      await discardFailed(id, options, terminal);
    });
}
