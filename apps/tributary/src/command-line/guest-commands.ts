import type { FetchGuestOptions, ListGuestsOptions } from "../commands/guest.ts";
import type { HistoryOptions } from "../commands/history.ts";
import type { CommandLine } from "./command-line.ts";
import { listed } from "./list-options.ts";

/** `tributary guest` and `tributary history`: what a child asks of its parent for one patient. */
export function addGuestCommands({ program, terminal, place, setExitCode }: CommandLine): void {
  const guest = program
    .command("guest")
    .description("at a child: have the records of a patient of elsewhere for a while");
  listed(place(guest.command("list", { isDefault: true })), ["keptUntil", "fetchedAt", "patient", "purpose"])
    .description("list the patients of elsewhere whose records are here, for what, and until when")
    .option("--json", "print JSON")
    .action(async (options: ListGuestsOptions) => {
      const { showGuests } = await import("../commands/guest.ts");
      await showGuests(options, terminal);
    });
  place(guest.command("fetch"))
    .description("ask the parent for a patient's records now; both ends enter it in their audit trails")
    .argument("<patient>", "the patient, such as Patient/123")
    .requiredOption("--purpose <word>", "what for: emergency, referral, transfer …")
    .option("--days <number>", "how long the records are kept here", "7")
    .option("--as <name>", "who asks (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (reference: string, options: FetchGuestOptions) => {
      const { fetchGuest } = await import("../commands/guest.ts");
      await fetchGuest(reference, options, terminal);
    });
  place(program.command("history"))
    .description(
      "at a child: ask the parent for all versions of a patient's records; both ends enter it in their trails",
    )
    .argument("<patient>", "the patient, such as Patient/123")
    .option("--as <name>", "who asks (default: the user of this terminal)")
    .option("--json", "print JSON, with the content of each version")
    .action(async (reference: string, options: HistoryOptions) => {
      const { history } = await import("../commands/history.ts");
      setExitCode(await history(reference, options, terminal));
    });
}
