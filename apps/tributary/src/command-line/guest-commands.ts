import type { FetchGuestOptions } from "../commands/guest.ts";
import type { HistoryOptions } from "../commands/history.ts";
import type { CommandLine } from "./command-line.ts";

/** `tributary guest` and `tributary history`: what a child asks of its parent for one patient. */
export function addGuestCommands({ program, terminal, folder, setExitCode }: CommandLine): void {
  const guest = program
    .command("guest")
    .description("at a child: have the records of a patient of elsewhere for a while");
  guest
    .command("list", { isDefault: true })
    .description("list the patients of elsewhere whose records are here, for what, and until when")
    .addOption(folder())
    .option("--json", "print JSON")
    .action(async (options: { readonly dir: string; readonly json?: boolean }) => {
      const { showGuests } = await import("../commands/guest.ts");
      await showGuests(options, terminal);
    });
  guest
    .command("fetch")
    .description("ask the parent for a patient's records now; both ends enter it in their audit trails")
    .argument("<patient>", "the patient, such as Patient/123")
    .requiredOption("--purpose <word>", "what for: emergency, referral, transfer …")
    .option("--days <number>", "how long the records are kept here", "7")
    .addOption(folder())
    .option("--as <name>", "who asks (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (reference: string, options: FetchGuestOptions) => {
      const { fetchGuest } = await import("../commands/guest.ts");
      await fetchGuest(reference, options, terminal);
    });
  program
    .command("history")
    .description(
      "at a child: ask the parent for all versions of a patient's records; both ends enter it in their trails",
    )
    .argument("<patient>", "the patient, such as Patient/123")
    .addOption(folder())
    .option("--as <name>", "who asks (default: the user of this terminal)")
    .option("--json", "print JSON, with the content of each version")
    .action(async (reference: string, options: HistoryOptions) => {
      const { history } = await import("../commands/history.ts");
      setExitCode(await history(reference, options, terminal));
    });
}
