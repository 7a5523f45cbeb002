import { Option } from "commander";
import type {
  AssignConflictOptions,
  ConflictsOptions,
  ListConflictsOptions,
  ReviewersOptions,
} from "../commands/conflicts.ts";
import type { PreviewDecisionOptions } from "../commands/preview-decision.ts";
import type { ResolveConflictOptions } from "../commands/resolve-conflicts.ts";
import type { UndoDecisionOptions } from "../commands/undo-decision.ts";
import type { CommandLine } from "./command-line.ts";
import { listed } from "./list-options.ts";

/** `tributary conflicts`: what two sites changed differently. */
export function addConflictCommands({ program, terminal, place, setExitCode }: CommandLine): void {
  const conflicts = program
    .command("conflicts")
    .description("list, show and decide what two sites changed differently, at either end");
  listed(place(conflicts.command("list", { isDefault: true })), ["openedAt", "resolvedAt", "assignee", "reference"])
    .description("list the elements that wait for a decision")
    .addOption(
      new Option("--state <state>", "what became of them").choices(["open", "resolved", "superseded", "settled"]),
    )
    .option("--type <type>", "only records of this type")
    .option("--assignee <name>", "only those that this person is to decide; - for nobody's")
    .option("--json", "print JSON, with the values of each element")
    .action(async (options: ListConflictsOptions) => {
      const { listConflicts } = await import("../commands/conflicts.ts");
      await listConflicts(options, terminal);
    });
  place(conflicts.command("show"))
    .description("show one conflict: what the base, the parent and the child say")
    .argument("<id>", "the conflict's identifier, or its beginning")
    .option("--json", "print JSON")
    .action(async (id: string, options: ConflictsOptions) => {
      const { showConflict } = await import("../commands/conflicts.ts");
      await showConflict(id, options, terminal);
    });
  place(conflicts.command("resolve"))
    .description("decide one conflict, or many in one way; the decision travels like any other edit")
    .argument("[id]", "the conflict's identifier, or its beginning")
    .addOption(takeOption())
    .option("--value <json>", 'another value: {"birthDate":"1980-01-02"}, {} for nothing, or a whole record')
    .requiredOption("--reason <text>", "why; it is kept with the conflict")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--all", "decide all open conflicts, or those that --type and --element mean")
    .option("--type <type>", "with --all: only records of this type")
    .option("--element <path>", "with --all: only this element, Patient.telecom, and what is below it")
    .option("--dry-run", "with --all: say what would come of it, and change nothing")
    .option("--json", "print JSON")
    .action(async (id: string | undefined, options: ResolveConflictOptions) => {
      const { resolveConflicts } = await import("../commands/resolve-conflicts.ts");
      await resolveConflicts(id, options, terminal);
    });
  place(conflicts.command("preview"))
    .description("tell what the record would become by a decision, and whether that is valid; nothing is changed")
    .argument("<id>", "the conflict's identifier, or its beginning")
    .addOption(takeOption())
    .option("--value <json>", 'another value: {"birthDate":"1980-01-02"}, {} for nothing, or a whole record')
    .option("--json", "print JSON, with the whole record")
    .action(async (id: string, options: PreviewDecisionOptions) => {
      const { previewDecision } = await import("../commands/preview-decision.ts");
      setExitCode(await previewDecision(id, options, terminal));
    });
  place(conflicts.command("undo"))
    .description("take a decision back: the record says again what it said before, and the conflict is open")
    .argument("<id>", "the conflict's identifier, or its beginning")
    .requiredOption("--reason <text>", "why; it is kept with the conflict")
    .option("--keep-value", "open the conflict and leave the record as it is, also when it was edited since")
    .option("--as <name>", "who takes it back (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (id: string, options: UndoDecisionOptions) => {
      const { undoOneDecision } = await import("../commands/undo-decision.ts");
      await undoOneDecision(id, options, terminal);
    });
  place(conflicts.command("assign"))
    .description("say who is to decide one conflict; both ends are told")
    .argument("<id>", "the conflict's identifier, or its beginning")
    .requiredOption("--to <name>", "who is to decide, one of the reviewers; empty to take it back")
    .option("--unlisted", "assign it to who is not among the reviewers: a group, or somebody at another node")
    .option("--as <name>", "who says so (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (id: string, options: AssignConflictOptions) => {
      const { assignConflictTo } = await import("../commands/conflicts.ts");
      await assignConflictTo(id, options, terminal);
    });
  listed(place(conflicts.command("reviewers")), ["name", "role", "open"])
    .description("list those to whom conflicts can be assigned, and how many open ones each has")
    .option("--json", "print JSON")
    .action(async (options: ReviewersOptions) => {
      const { listReviewers } = await import("../commands/conflicts.ts");
      await listReviewers(options, terminal);
    });
  place(conflicts.command("count"))
    .description("count conflicts by element, and tell how long decisions took")
    .option("--json", "print JSON")
    .action(async (options: ConflictsOptions) => {
      const { tellConflictCounts } = await import("../commands/conflicts.ts");
      await tellConflictCounts(options, terminal);
    });
}

function takeOption(): Option {
  return new Option("--take <side>", "whose value to take; current keeps what the record says now")
    .choices(["parent", "child", "current"])
    .conflicts("value");
}
