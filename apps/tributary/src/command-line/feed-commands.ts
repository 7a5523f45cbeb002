import type { FeedOptions, MoveMarkerOptions } from "../commands/feed.ts";
import type { CommandLine } from "./command-line.ts";

/** `tributary feed`: who reads the feeds, and where their markers stand. */
export function addFeedCommands({ program, terminal, folder }: CommandLine): void {
  const feed = program.command("feed").description("see the consumers of feeds, follow an event, and move a marker");
  feed
    .command("consumers", { isDefault: true })
    .description("list the consumers that keep their markers here, how far they are behind, and what failed there")
    .addOption(folder())
    .option("--json", "print JSON")
    .action(async (options: FeedOptions) => {
      const { showConsumers } = await import("../commands/feed.ts");
      await showConsumers(options, terminal);
    });
  feed
    .command("follow")
    .description("follow one event through every consumer and every child: who took it when, and where it failed")
    .argument("<event>", "the event's id, as its entry on the feed has it")
    .addOption(folder())
    .option("--json", "print JSON")
    .action(async (event: string, options: FeedOptions) => {
      const { showFollowed } = await import("../commands/feed.ts");
      await showFollowed(event, options, terminal);
    });
  feed
    .command("move-marker")
    .description("put a consumer's marker somewhere else; it stays when the feed has no such entry")
    .argument("<feed>", "the address that the consumer has subscribed to")
    .requiredOption("--to <place>", "beginning, now, or the id of the entry behind which it is to stand")
    .requiredOption("--reason <text>", "why; the audit trail keeps it")
    .option("--consumer <name>", "the consumer (default: the one without a name)", "")
    .addOption(folder())
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (address: string, options: MoveMarkerOptions) => {
      const { moveMarker } = await import("../commands/feed.ts");
      await moveMarker(address, options, terminal);
    });
}
