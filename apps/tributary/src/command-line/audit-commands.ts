import { type Command, Option } from "commander";
import type { AdminOptions } from "../admin-connection/open-admin.ts";
import type { AuditListOptions } from "../commands/audit.ts";
import type { AuditExportOptions } from "../commands/audit-export.ts";
import type { CommandLine } from "./command-line.ts";
import { listed } from "./list-options.ts";

/** What happened: the trail of a node, and the journey of a record. */
export function addAuditCommands(line: CommandLine): void {
  addAudit(line);
  addTimeline(line);
}

function addAudit({ program, terminal, place, setExitCode }: CommandLine): void {
  const audit = program
    .command("audit")
    .description("read the trail of who did what, and check that nobody altered it");
  listed(withAuditFilters(place(audit.command("list", { isDefault: true }))))
    .description("list what happened on this node and on those below it, what arrived last first")
    .addOption(new Option("--order <way>", "the latest first (default), or the earliest").choices(["asc", "desc"]))
    .option("--json", "as one JSON object")
    .action(async (options: AuditListOptions) => {
      const { listAuditTrail } = await import("../commands/audit.ts");
      await listAuditTrail(options, terminal);
    });
  withAuditFilters(place(audit.command("export")))
    .description("print every entry that the filters find, in the order of arrival, as CSV or NDJSON")
    .addOption(new Option("--format <name>", "how the lines are written").choices(["csv", "ndjson"]).default("csv"))
    .action(async (options: AuditExportOptions) => {
      const { exportAudit } = await import("../commands/audit-export.ts");
      await exportAudit(options, terminal);
    });
  place(audit.command("acknowledge"))
    .description("end the warning that a node told something else of its trail than before, once it is explained")
    .argument("<node>", "the node whose trail it is")
    .requiredOption("--reason <text>", "why; the audit trail keeps it")
    .option("--as <name>", "who says so (default: the user of this terminal)")
    .action(async (node: string, options: AdminOptions & { readonly reason: string }) => {
      const { acknowledgeAudit } = await import("../commands/audit-verify.ts");
      setExitCode(await acknowledgeAudit(node, options, terminal));
    });
  place(audit.command("verify"))
    .description("walk every trail that is here; ends with 1 and names the place when an entry was altered or removed")
    .option("--json", "as one JSON object")
    .action(async (options: AdminOptions & { readonly json?: boolean }) => {
      const { verifyAudit } = await import("../commands/audit-verify.ts");
      setExitCode(await verifyAudit(options, terminal));
    });
}

function addTimeline({ program, terminal, place, setExitCode }: CommandLine): void {
  place(program.command("timeline"))
    .description("tell what became of one record: every version, who, where, by which link, and what changed")
    .argument("<reference>", "the record, such as Patient/123")
    .option("--json", "as one JSON object")
    .action(async (reference: string, options: AdminOptions & { readonly json?: boolean }) => {
      const { timeline } = await import("../commands/timeline.ts");
      setExitCode(await timeline({ reference, ...options }, terminal));
    });
}

function withAuditFilters(command: Command): Command {
  return command
    .option("--actor <name>", "only what this user or node did")
    .option("--written-by <node>", "only what this node wrote down")
    .option("--reference <type/id>", "only what concerns this record")
    .option("--operation <name>", "only this kind: local-write, pull, push, merge, resolve …")
    .option("--outcome <name>", "only what ended so: applied, merged, rejected …")
    .option("--since <time>", "only from this moment on, such as 2026-01-31 or 2026-01-31T08:00:00Z")
    .option("--until <time>", "only before this moment");
}
