import { type Command, Option } from "commander";
import type { FollowOptions, ListConsumersOptions, MoveMarkerOptions } from "../commands/feed.ts";
import type { FeedFailureOptions, ListFeedFailuresOptions } from "../commands/feed-failures.ts";
import type { FeedPageOptions, ListFeedsOptions } from "../commands/feed-pages.ts";
import type { CommandLine } from "./command-line.ts";
import { listed, sorted } from "./list-options.ts";

/** How one event can stand with one who reads it. */
const eventStates = ["taken", "failed", "dead", "waiting", "not-yet", "outside", "unknown"];

/** `tributary feed`: who reads the feeds, and where their markers stand. */
export function addFeedCommands(line: CommandLine): void {
  const feed = line.program
    .command("feed")
    .description(
      "see the consumers of feeds, follow an event, move a marker, and mend what a consumer could not process",
    );
  addFeedPages(feed, line);
  addConsumers(feed, line);
  addFeedFailures(feed, line);
}

function addFeedPages(feed: Command, { terminal, place }: CommandLine): void {
  listed(place(feed.command("list")), ["category", "head"])
    .description("list the published categories, how many entries each has, and its newest page")
    .option("--json", "print JSON")
    .action(async (options: ListFeedsOptions) => {
      const { listFeeds } = await import("../commands/feed-pages.ts");
      await listFeeds(options, terminal);
    });
  place(feed.command("page"))
    .description("show one page of a feed as its consumers see it")
    .argument("<category>", "the category; all for everything")
    .argument("[page]", "its number, or recent", "recent")
    .option("--json", "print JSON")
    .action(async (category: string, page: string, options: FeedPageOptions) => {
      const { showFeedPage } = await import("../commands/feed-pages.ts");
      await showFeedPage(category, page, options, terminal);
    });
}

function addConsumers(feed: Command, { terminal, place }: CommandLine): void {
  listed(place(feed.command("consumers", { isDefault: true })), ["consumer", "feed", "failed"])
    .description("list the consumers that keep their markers here, how far they are behind, and what failed there")
    .option("--category <name>", "only consumers of this category of the node's own feeds")
    .option("--json", "print JSON")
    .action(async (options: ListConsumersOptions) => {
      const { showConsumers } = await import("../commands/feed.ts");
      await showConsumers(options, terminal);
    });
  listed(place(feed.command("follow")), ["kind", "consumer", "feed", "state", "at", "retries", "behind"])
    .description("follow one event through every consumer and every child: who took it when, and where it failed")
    .argument("<event>", "the event's id, as its entry on the feed has it")
    .addOption(new Option("--state <state>", "only those with whom it stands so").choices(eventStates))
    .option("--json", "print JSON")
    .action(async (event: string, options: FollowOptions) => {
      const { showFollowed } = await import("../commands/feed.ts");
      await showFollowed(event, options, terminal);
    });
  place(feed.command("move-marker"))
    .description("put a consumer's marker somewhere else; it stays when the feed has no such entry")
    .argument("<feed>", "the address that the consumer has subscribed to")
    .requiredOption("--to <place>", "beginning, now, or the id of the entry behind which it is to stand")
    .requiredOption("--reason <text>", "why; the audit trail keeps it")
    .option("--consumer <name>", "the consumer (default: the one without a name)", "")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (address: string, options: MoveMarkerOptions) => {
      const { moveMarker } = await import("../commands/feed.ts");
      await moveMarker(address, options, terminal);
    });
}

function addFeedFailures(feed: Command, { terminal, place }: CommandLine): void {
  sorted(listed(place(feed.command("failures"))), ["failedAt", "consumer", "feed", "state", "retries"])
    .description("list the events that consumers could not process, the oldest first")
    .option("--consumer <name>", "only those of this consumer")
    .addOption(new Option("--state <state>", "only those that stand so").choices(["retrying", "waiting", "dead"]))
    .option("--find <text>", "only those with this in the event's id, title or content")
    .option("--json", "print JSON")
    .action(async (options: ListFeedFailuresOptions) => {
      const { listFeedFailures } = await import("../commands/feed-failures.ts");
      await listFeedFailures(options, terminal);
    });
  place(feed.command("failure"))
    .description("show one of them with its log; what the consumer said may tell of a patient")
    .argument("<failure>", "the failure, as the list names it")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample: tributary feed failure 17")
    .action(async (id: string, options: FeedFailureOptions) => {
      const { showFeedFailure } = await import("../commands/feed-failures.ts");
      await showFeedFailure(id, options, terminal);
    });
  place(feed.command("retry"))
    .description("have such an event tried again in its consumer's next run, as often as a new one")
    .argument("<failure>", "the failure, as the list names it")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (id: string, options: FeedFailureOptions) => {
      const { retryFeedFailure } = await import("../commands/feed-failures.ts");
      await retryFeedFailure(id, options, terminal);
    });
  place(feed.command("discard"))
    .description("give such an event up for its consumer")
    .argument("<failure>", "the failure, as the list names it")
    .requiredOption("--reason <text>", "why; the audit trail keeps it")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (id: string, options: FeedFailureOptions & { readonly reason: string }) => {
      const { discardFeedFailure } = await import("../commands/feed-failures.ts");
      await discardFeedFailure(id, options, terminal);
    });
}
