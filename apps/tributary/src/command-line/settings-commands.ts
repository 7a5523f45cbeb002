import { Option } from "commander";
import type { ConfigurationOptions } from "../commands/configuration.ts";
import type { SetSettingOptions, SettingsHistoryOptions, SettingsOptions } from "../commands/settings.ts";
import type { CommandLine } from "./command-line.ts";
import { listed } from "./list-options.ts";

/** `tributary configuration` and `tributary settings`: what is in force, and what of it is changed while the node runs. */
export function addSettingsCommands({ program, terminal, place }: CommandLine): void {
  listed(place(program.command("configuration")), ["key", "isDefault"])
    .description("list every setting as it is in force, those of the file among them; secrets are not told")
    .option("--json", "print JSON, with what each setting is for")
    .addHelpText("after", "\nExample: tributary configuration --find push")
    .action(async (options: ConfigurationOptions) => {
      const { showConfiguration } = await import("../commands/configuration.ts");
      await showConfiguration(options, terminal);
    });
  const settings = program
    .command("settings")
    .description(
      "schedules, types, verification and merge rules: show what is in force, and set it while the node runs",
    );
  place(settings.command("show", { isDefault: true }))
    .description("show what is in force, and where each comes from")
    .option("--json", "print JSON")
    .action(async (options: SettingsOptions) => {
      const { showSettings } = await import("../commands/settings.ts");
      await showSettings(options, terminal);
    });
  place(settings.command("set"))
    .description("set one of them as a new version; a running node takes it up within seconds")
    .argument("<key>", "schedules.push, schedules.pull, types.push, types.pull, push.first, verify or policies")
    .argument("<json>", `'{"everySeconds":60}', @ and a file, or null for what the configuration says`)
    .addOption(new Option("--reason <text>", "why; it is kept with the version").makeOptionMandatory())
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (key: string, json: string, options: SetSettingOptions) => {
      const { setSetting } = await import("../commands/settings.ts");
      await setSetting(key, json, options, terminal);
    });
  place(settings.command("move-rule"))
    .description("put one merge rule in another place: of two that are equally exact the first one holds")
    .argument("<from>", "its place, counted from 1")
    .argument("<to>", "the place that it is to have")
    .addOption(new Option("--reason <text>", "why; it is kept with the version").makeOptionMandatory())
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (from: string, to: string, options: SetSettingOptions) => {
      const { moveRule } = await import("../commands/settings.ts");
      await moveRule(from, to, options, terminal);
    });
  listed(place(settings.command("history")))
    .description("list the versions that there were, the latest first: who, when, why and what")
    .addOption(new Option("--order <way>", "which way (default: desc)").choices(["asc", "desc"]))
    .option("--json", "print JSON")
    .action(async (options: SettingsHistoryOptions) => {
      const { showSettingsHistory } = await import("../commands/settings.ts");
      await showSettingsHistory(options, terminal);
    });
}
