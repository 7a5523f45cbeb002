import { Option } from "commander";
import type { AlertsOptions } from "../commands/alerts.ts";
import type { NetworkOptions } from "../commands/network.ts";
import type { TrafficOptions } from "../commands/traffic.ts";
import type { CommandLine } from "./command-line.ts";
import { listed, sorted } from "./list-options.ts";

const childStates = ["in-step", "behind", "verifying", "silent", "refused", "never-seen"];

/** How the network does, and what is out of the ordinary. */
export function addWatchCommands(line: CommandLine): void {
  addNetwork(line);
  addAlerts(line);
  addTraffic(line);
}

function addNetwork({ program, terminal, place }: CommandLine): void {
  const sorts = [
    "node",
    "state",
    "lastSeenAt",
    "behind",
    "unsent",
    "parked",
    "failed",
    "openConflicts",
    "clockOffsetMs",
    "version",
    "catchment",
  ];
  listed(place(program.command("network")), sorts)
    .description("at a parent: list the children with the state of each, and what it told of itself")
    .addOption(new Option("--state <state>", "only those that stand so").choices(childStates))
    .option("--json", "print JSON")
    .action(async (options: NetworkOptions) => {
      const { showNetwork } = await import("../commands/network.ts");
      await showNetwork(options, terminal);
    });
}

function addTraffic({ program, terminal, place }: CommandLine): void {
  place(program.command("traffic"))
    .description("tell what went over the lines by the quarter of an hour: requests, bytes, records and failures")
    .option("--hours <number>", "how far back, at most 744", "24")
    .option("--child <name>", "only what went to and from this child")
    .option("--json", "print JSON; quiet quarters too")
    .addHelpText("after", "\nExample: tributary traffic --hours 168 --child clinic-a")
    .action(async (options: TrafficOptions) => {
      const { showTraffic } = await import("../commands/traffic.ts");
      await showTraffic(options, terminal);
    });
}

function addAlerts({ program, terminal, place, setExitCode }: CommandLine): void {
  sorted(listed(place(program.command("alerts"))), ["openedAt", "rule", "subject", "severity"], "desc")
    .description("list the alerts that are open, the latest first; ends with 1 when one is critical")
    .option("--all", "those that are closed too")
    .option("--rule <name>", "only those of this rule, such as child-silent")
    .addOption(new Option("--severity <word>", "only those that are so").choices(["warning", "critical"]))
    .option("--find <text>", "only those about something with this in its name")
    .option("--json", "print JSON")
    .action(async (options: AlertsOptions) => {
      const { showAlerts } = await import("../commands/alerts.ts");
      setExitCode(await showAlerts(options, terminal));
    });
}
