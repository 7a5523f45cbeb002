import { type Command, Option } from "commander";

/** Adds what every list of the admin API takes; those that can be sorted by one of `sorts`, and searched, that too. */
export function listed(command: Command, sorts: readonly string[] = []): Command {
  command
    .option("--limit <number>", "how many at a time, at most 500 (default: 100)")
    .option("--after <place>", "go on where the last list ended");
  if (sorts.length === 0) return command;
  return sorted(command, sorts).option("--find <text>", "only those with this in their names");
}

/** Adds by what a list is sorted, and which way. */
export function sorted(command: Command, sorts: readonly string[], order: "asc" | "desc" = "asc"): Command {
  return command
    .addOption(new Option("--sort <by>", `by what it is sorted (default: ${sorts[0]})`).choices(sorts))
    .addOption(new Option("--order <way>", `which way it is sorted (default: ${order})`).choices(["asc", "desc"]));
}
