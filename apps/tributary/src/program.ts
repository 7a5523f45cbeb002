import { Command, Option } from "commander";
import type { AuditListOptions } from "./commands/audit.ts";
import type { AuditExportOptions } from "./commands/audit-export.ts";
import type { BackupOptions } from "./commands/backup.ts";
import type { ExportBundleOptions, ImportBundleOptions } from "./commands/bundle.ts";
import type { CatchmentOptions, RuleOptions, SetCatchmentOptions } from "./commands/catchment.ts";
import type { AcceptCloneOptions } from "./commands/clones.ts";
import type { AssignConflictOptions, ConflictsOptions } from "./commands/conflicts.ts";
import type { DemoOptions } from "./commands/demo.ts";
import type { RoundOptions } from "./commands/dry-run.ts";
import type { EnrolOptions } from "./commands/enrol.ts";
import type { AcceptOptions, FinishOptions, RequestOptions } from "./commands/enrol-by-hand.ts";
import type { DiscardFailedOptions, FailedOptions, RetryFailedOptions } from "./commands/failed.ts";
import type { FetchGuestOptions } from "./commands/guest.ts";
import type { InitOptions } from "./commands/init.ts";
import type { DirectionOptions } from "./commands/pause.ts";
import type { ResolveConflictOptions } from "./commands/resolve-conflicts.ts";
import type { ExportSnapshotOptions, ImportSnapshotOptions } from "./commands/snapshot.ts";
import type { SyncRecordOptions } from "./commands/sync-record.ts";
import type { VerifyOptions } from "./commands/verify.ts";
import { addDoctorCommands, addUserCommands } from "./operator-commands.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

/** Sets the exit code of a command that ended without an error. */
export type SetExitCode = (code: number) => void;

interface FolderOption {
  readonly dir: string;
}

const epilogue = `
Exit codes: 0 done; 1 failed (the message says why); 2 the command line, the configuration or the folder is not right.
Every message ends with a code such as CONFIG_INVALID; docs/reference/errors.md explains each.`;

const demoEpilogue = `
Keys of --json: converged, database, records, children, loadSeconds, seconds; editsApart (made, found, lost), merges,
openConflicts, meetSeconds. apps/tributary/README.md explains each. It ends with 1 when the nodes did not converge.`;

/** The command line: every command with its options. A command's code is imported when it is called, not before. */
export function buildProgram(terminal: Terminal, setExitCode: SetExitCode): Command {
  const program = new Command("tributary")
    .description(
      "Keeps clinic servers and their central server in step: FHIR R4 records over networks that come and go.",
    )
    .version(version, "-V, --version", "print the version")
    .helpCommand(false)
    .showHelpAfterError("Run it with --help to see what it takes.")
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .exitOverride()
    .addHelpText("after", epilogue);
  addInit(program, terminal);
  addEnrol(program, terminal);
  addCatchment(program, terminal);
  addGuest(program, terminal);
  addServe(program, terminal);
  addPush(program, terminal, setExitCode);
  addPull(program, terminal, setExitCode);
  addSyncRecord(program, terminal, setExitCode);
  addPause(program, terminal);
  addVerify(program, terminal, setExitCode);
  addEnrolByHand(program, terminal);
  addSnapshot(program, terminal);
  addBundle(program, terminal, setExitCode);
  addBackup(program, terminal);
  addNode(program, terminal);
  addConflicts(program, terminal);
  addFailed(program, terminal);
  addAudit(program, terminal, setExitCode);
  addTimeline(program, terminal, setExitCode);
  addStatus(program, terminal);
  addToken(program, terminal);
  addUserCommands(program, () => folderOption(terminal), terminal);
  addDoctorCommands(program, () => folderOption(terminal), terminal, setExitCode);
  addLoad(program, terminal);
  addDemo(program, terminal, setExitCode);
  return program;
}

function folderOption(terminal: Terminal): Option {
  const standard = terminal.environment["TRIBUTARY_DIR"] || ".";
  return new Option("-d, --dir <folder>", "the node's folder (also TRIBUTARY_DIR)").default(standard);
}

function addInit(program: Command, terminal: Terminal): void {
  program
    .command("init")
    .description("make a new node: its folder, its configuration, its database and its identity")
    .addArgument(program.createArgument("<role>", "what the node is to others").choices(["parent", "child", "hub"]))
    .addOption(folderOption(terminal))
    .option("--id <name>", "the node's name, for ever (default: the role and a few random letters)")
    .option("--port <number>", "the port it will listen on (default: 8080 for a parent, 8081 for a child)")
    .option("--database <address>", "a SQLite file or a postgres:// URL (default: node.db in the folder)")
    .action(async (role: InitOptions["role"], options: Omit<InitOptions, "role">) => {
      const { init } = await import("./commands/init.ts");
      await init({ role, ...options }, terminal);
    });
}

function addEnrol(program: Command, terminal: Terminal): void {
  program
    .command("enrol")
    .description("let a child in: issue a code at the parent (--new), then use it once at the child (--parent, --code)")
    .addOption(folderOption(terminal))
    .option("--new <name>", "at a parent: issue a code for the child of this name")
    .option("--hours <number>", "how long the code can be used", "24")
    .option("--catchment <name>", "at a parent: the catchment that the child is to have (default: everything)")
    .option("--revoke <name>", "at a parent: take the access of this child away, at once")
    .option("--parent <url>", "at a child: where the parent is")
    .option("--code <code>", "at a child: the code that the parent issued")
    .action(async (options: EnrolOptions & { readonly revoke?: string }) => {
      if (options.revoke !== undefined) {
        const { revoke } = await import("./commands/revoke.ts");
        await revoke(options.dir, options.revoke, terminal);
        return;
      }
      const { enrol } = await import("./commands/enrol.ts");
      await enrol(options, terminal);
    });
}

function addCatchment(program: Command, terminal: Terminal): void {
  const catchment = program
    .command("catchment")
    .description("at a parent: whose records each child holds, and by which rules");
  const rule = () =>
    new Option(
      "--rule <json>",
      'the rule: {"location":{"address":"Kenya%Nairobi"}}, or @ and a file',
    ).makeOptionMandatory();
  catchment
    .command("list", { isDefault: true })
    .description("list the catchments, how many patients each holds, and which children have it")
    .addOption(folderOption(terminal))
    .option("--json", "print JSON")
    .action(async (options: CatchmentOptions) => {
      const { listAllCatchments } = await import("./commands/catchment.ts");
      await listAllCatchments(options, terminal);
    });
  catchment
    .command("show")
    .description("show the rule of a catchment, and the rules that it had")
    .argument("<name>", "the catchment")
    .addOption(folderOption(terminal))
    .option("--json", "print JSON")
    .action(async (name: string, options: CatchmentOptions) => {
      const { showCatchment } = await import("./commands/catchment.ts");
      await showCatchment(name, options, terminal);
    });
  catchment
    .command("preview")
    .description("tell whom a rule would let in and out for each child; nothing is changed")
    .argument("<name>", "the catchment, or a new one")
    .addOption(rule())
    .addOption(folderOption(terminal))
    .option("--json", "print JSON")
    .action(async (name: string, options: RuleOptions) => {
      const { previewCatchment } = await import("./commands/catchment.ts");
      await previewCatchment(name, options, terminal);
    });
  catchment
    .command("set")
    .description("put a rule into force, for a new catchment or one that is there")
    .argument("<name>", "the catchment: small letters, digits and hyphens")
    .addOption(rule())
    .addOption(folderOption(terminal))
    .option("--reason <text>", "why; it is kept with the rule")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (name: string, options: SetCatchmentOptions) => {
      const { setCatchment } = await import("./commands/catchment.ts");
      await setCatchment(name, options, terminal);
    });
  catchment
    .command("assign")
    .description("give a child a catchment, from its next round on; everything is always one")
    .argument("<child>", "the child's name")
    .argument("<catchment>", "the catchment")
    .addOption(folderOption(terminal))
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (child: string, name: string, options: CatchmentOptions & { readonly as?: string }) => {
      const { assignToChild } = await import("./commands/catchment.ts");
      await assignToChild(child, name, options, terminal);
    });
  catchment
    .command("members")
    .description("list the patients of a catchment, since when and by which rule")
    .argument("<name>", "the catchment")
    .addOption(folderOption(terminal))
    .option("--after <patient>", "go on behind this patient")
    .option("--limit <number>", "patients at a time", "50")
    .option("--json", "print JSON")
    .action(async (name: string, options: CatchmentOptions & { readonly limit: string }) => {
      const { showMembers } = await import("./commands/catchment.ts");
      await showMembers(name, options, terminal);
    });
  catchment
    .command("types")
    .description("list, or set, the resource types that every child may have")
    .addOption(folderOption(terminal))
    .option("--set <types>", "the types, joined by commas; empty for the usual ones")
    .option("--json", "print JSON")
    .action(async (options: CatchmentOptions & { readonly set?: string }) => {
      const { showTypes } = await import("./commands/catchment.ts");
      await showTypes(options, terminal);
    });
}

function addGuest(program: Command, terminal: Terminal): void {
  const guest = program
    .command("guest")
    .description("at a child: have the records of a patient of elsewhere for a while");
  guest
    .command("list", { isDefault: true })
    .description("list the patients of elsewhere whose records are here, for what, and until when")
    .addOption(folderOption(terminal))
    .option("--json", "print JSON")
    .action(async (options: { readonly dir: string; readonly json?: boolean }) => {
      const { showGuests } = await import("./commands/guest.ts");
      await showGuests(options, terminal);
    });
  guest
    .command("fetch")
    .description("ask the parent for a patient's records now; both ends enter it in their audit trails")
    .argument("<patient>", "the patient, such as Patient/123")
    .requiredOption("--purpose <word>", "what for: emergency, referral, transfer …")
    .option("--days <number>", "how long the records are kept here", "7")
    .addOption(folderOption(terminal))
    .option("--as <name>", "who asks (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (reference: string, options: FetchGuestOptions) => {
      const { fetchGuest } = await import("./commands/guest.ts");
      await fetchGuest(reference, options, terminal);
    });
}

function addServe(program: Command, terminal: Terminal): void {
  program
    .command("serve")
    .description("run the node: its FHIR API, its feeds, and its synchronization; ends cleanly on SIGTERM and SIGINT")
    .addOption(folderOption(terminal))
    .action(async ({ dir }: FolderOption) => {
      const { serve } = await import("./commands/serve.ts");
      await serve({ dir }, terminal);
    });
}

function addPush(program: Command, terminal: Terminal, setExitCode: SetExitCode): void {
  program
    .command("push")
    .description("send what was changed here to the parent now, and say what came of it")
    .addOption(folderOption(terminal))
    .option("--dry-run", "only tell what would go; nothing is written")
    .option("--even-if-paused", "push though somebody has paused it")
    .option("--json", "print JSON")
    .action(async (options: RoundOptions) => {
      const { push } = await import("./commands/push.ts");
      setExitCode(await push(options, terminal));
    });
}

function addSyncRecord(program: Command, terminal: Terminal, setExitCode: SetExitCode): void {
  program
    .command("sync-record")
    .description("bring chosen records into step now: by reference, all of a patient's, or what a search finds")
    .argument("[references...]", "records, such as Patient/123")
    .addOption(folderOption(terminal))
    .option("--patient <id>", "every record of this patient")
    .option(
      "--search <query>",
      "what a search finds at the side that it comes from: Observation?code=8867-4&date=ge2026-01-01",
    )
    .addOption(
      new Option("--direction <way>", "send to the parent, take from it, or both")
        .choices(["push", "pull", "both"])
        .default("both"),
    )
    .option("--preview", "only show what would change and what would be contested; nothing is written")
    .option("--even-if-paused", "do it though somebody has paused the direction")
    .option("--as <name>", "who asks for it (default: the user of this terminal)")
    .option("--json", "print JSON; of a preview with the values of the elements")
    .action(async (references: string[], options: SyncRecordOptions) => {
      const { syncRecord } = await import("./commands/sync-record.ts");
      setExitCode(await syncRecord(references, options, terminal));
    });
}

function addPause(program: Command, terminal: Terminal): void {
  program
    .command("pause")
    .description("stop sending to the parent, taking from it, or both, until `resume`; nothing is lost meanwhile")
    .addOption(folderOption(terminal))
    .option("--push", "only the sending")
    .option("--pull", "only the taking")
    .requiredOption("--reason <text>", "why; it is shown to whoever asks, and the audit trail keeps it")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (options: DirectionOptions & { readonly reason: string }) => {
      const { pause } = await import("./commands/pause.ts");
      await pause(options, terminal);
    });
  program
    .command("resume")
    .description("let what was paused go on")
    .addOption(folderOption(terminal))
    .option("--push", "only the sending")
    .option("--pull", "only the taking")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (options: DirectionOptions) => {
      const { resume } = await import("./commands/pause.ts");
      await resume(options, terminal);
    });
}

function addEnrolByHand(program: Command, terminal: Terminal): void {
  const byHand = program
    .command("enrol-by-hand")
    .description("let a child in that has no line: child, stick, parent, stick, child; the code is told as ever");
  byHand
    .command("request")
    .description("at a child: write what it asks its parent into a file")
    .addOption(folderOption(terminal))
    .requiredOption("--code <code>", "the code that the parent issued; it is not in the file")
    .requiredOption("--to <path>", "the file, or a folder such as the stick")
    .action(async (options: RequestOptions) => {
      const { requestByHand } = await import("./commands/enrol-by-hand.ts");
      await requestByHand(options, terminal);
    });
  byHand
    .command("accept")
    .description("at a parent: take such a request in and write the answer")
    .argument("<file>", "the file that the child wrote")
    .addOption(folderOption(terminal))
    .option("--to <path>", "the file or folder for the answer (default: beside the request)")
    .action(async (file: string, options: AcceptOptions) => {
      const { acceptByHand } = await import("./commands/enrol-by-hand.ts");
      await acceptByHand(file, options, terminal);
    });
  byHand
    .command("finish")
    .description("at a child: take the answer in, and be a child from then on")
    .argument("<file>", "the file that the parent wrote")
    .addOption(folderOption(terminal))
    .requiredOption("--code <code>", "the same code")
    .action(async (file: string, options: FinishOptions) => {
      const { finishByHand } = await import("./commands/enrol-by-hand.ts");
      await finishByHand(file, options, terminal);
    });
}

function addSnapshot(program: Command, terminal: Terminal): void {
  const snapshot = program
    .command("snapshot")
    .description("begin a child from a file: on a stick, sealed for that child and signed by its parent");
  snapshot
    .command("export")
    .description("at a parent: write all that a child is to begin with into a file")
    .addOption(folderOption(terminal))
    .requiredOption("--for <name>", "the child that it is for; no other node can read it")
    .requiredOption("--to <path>", "the file, or a folder such as the stick")
    .option("--json", "as one JSON object")
    .action(async (options: ExportSnapshotOptions) => {
      const { exportSnapshotFile } = await import("./commands/snapshot.ts");
      await exportSnapshotFile(options, terminal);
    });
  snapshot
    .command("import")
    .description("at a child: take such a file in; broken off, it goes on with the same file")
    .argument("<file>", "the file that the parent wrote")
    .addOption(folderOption(terminal))
    .option("--json", "as one JSON object")
    .action(async (file: string, options: ImportSnapshotOptions) => {
      const { importSnapshotFile } = await import("./commands/snapshot.ts");
      await importSnapshotFile(file, options, terminal);
    });
}

function addBundle(program: Command, terminal: Terminal, setExitCode: SetExitCode): void {
  const bundle = program
    .command("bundle")
    .description("push and pull by files, where there is no line: child, stick, parent, stick, child");
  bundle
    .command("export")
    .description("at a child: write what it has to say, and where it stands, into a file for its parent")
    .addOption(folderOption(terminal))
    .requiredOption("--to <path>", "the file, or a folder such as the stick")
    .option("--json", "as one JSON object")
    .action(async (options: ExportBundleOptions) => {
      const { exportBundleFile } = await import("./commands/bundle.ts");
      await exportBundleFile(options, terminal);
    });
  bundle
    .command("import")
    .description("at a parent: take a child's bundle in and write the answer; at a child: take the answer in")
    .argument("<file>", "the file that the other node wrote")
    .addOption(folderOption(terminal))
    .option("--answer <path>", "at a parent: the file or folder for the answer (default: beside the bundle)")
    .option("--json", "as one JSON object")
    .action(async (file: string, options: ImportBundleOptions) => {
      const { importBundleFile } = await import("./commands/bundle.ts");
      setExitCode(await importBundleFile(file, options, terminal));
    });
}

function addBackup(program: Command, terminal: Terminal): void {
  program
    .command("backup")
    .description("write a consistent copy of the node's database to a new file and check it, while the node goes on")
    .addOption(folderOption(terminal))
    .requiredOption("--to <file>", "where the copy is to be")
    .option("--json", "as one JSON object")
    .action(async (options: BackupOptions) => {
      const { backup } = await import("./commands/backup.ts");
      await backup(options, terminal);
    });
}

function addNode(program: Command, terminal: Terminal): void {
  const node = program.command("node").description("see to the children of this node");
  node
    .command("accept-clone")
    .description("of a child that is at work in two installations, list them, or let one in again")
    .argument("<name>", "the child's name")
    .addOption(folderOption(terminal))
    .option("--instance <id>", "the installation that is let in; the others stay refused")
    .option("--json", "as one JSON object")
    .action(async (name: string, options: AcceptCloneOptions) => {
      const { acceptClone } = await import("./commands/clones.ts");
      await acceptClone(name, options, terminal);
    });
}

function addVerify(program: Command, terminal: Terminal, setExitCode: SetExitCode): void {
  program
    .command("verify")
    .description("compare all records with the parent's; ends with 1 when they are not identical")
    .addOption(folderOption(terminal))
    .option("--repair", "fetch and send what differs")
    .option("--json", "as one JSON object")
    .action(async (options: VerifyOptions) => {
      const { verify } = await import("./commands/verify.ts");
      setExitCode(await verify(options, terminal));
    });
}

function addConflicts(program: Command, terminal: Terminal): void {
  const conflicts = program
    .command("conflicts")
    .description("list, show and decide what two sites changed differently, at either end");
  conflicts
    .command("list", { isDefault: true })
    .description("list the elements that wait for a decision")
    .addOption(folderOption(terminal))
    .option("--json", "print JSON, with the values of each element")
    .action(async (options: ConflictsOptions) => {
      const { listConflicts } = await import("./commands/conflicts.ts");
      await listConflicts(options, terminal);
    });
  conflicts
    .command("show")
    .description("show one conflict: what the base, the parent and the child say")
    .argument("<id>", "the conflict's identifier, or its beginning")
    .addOption(folderOption(terminal))
    .option("--json", "print JSON")
    .action(async (id: string, options: ConflictsOptions) => {
      const { showConflict } = await import("./commands/conflicts.ts");
      await showConflict(id, options, terminal);
    });
  conflicts
    .command("resolve")
    .description("decide one conflict, or many in one way; the decision travels like any other edit")
    .argument("[id]", "the conflict's identifier, or its beginning")
    .addOption(folderOption(terminal))
    .addOption(
      new Option("--take <side>", "whose value to take; current keeps what the record says now")
        .choices(["parent", "child", "current"])
        .conflicts("value"),
    )
    .option("--value <json>", 'another value: {"birthDate":"1980-01-02"}, {} for nothing, or a whole record')
    .requiredOption("--reason <text>", "why; it is kept with the conflict")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--all", "decide all open conflicts, or those that --type and --element mean")
    .option("--type <type>", "with --all: only records of this type")
    .option("--element <path>", "with --all: only this element, Patient.telecom, and what is below it")
    .option("--dry-run", "with --all: say what would come of it, and change nothing")
    .option("--json", "print JSON")
    .action(async (id: string | undefined, options: ResolveConflictOptions) => {
      const { resolveConflicts } = await import("./commands/resolve-conflicts.ts");
      await resolveConflicts(id, options, terminal);
    });
  conflicts
    .command("assign")
    .description("say who is to decide one conflict; both ends are told")
    .argument("<id>", "the conflict's identifier, or its beginning")
    .addOption(folderOption(terminal))
    .requiredOption("--to <name>", "who is to decide; empty to take it back")
    .option("--as <name>", "who says so (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (id: string, options: AssignConflictOptions) => {
      const { assignConflictTo } = await import("./commands/conflicts.ts");
      await assignConflictTo(id, options, terminal);
    });
  conflicts
    .command("count")
    .description("count conflicts by element, and tell how long decisions took")
    .addOption(folderOption(terminal))
    .option("--json", "print JSON")
    .action(async (options: ConflictsOptions) => {
      const { tellConflictCounts } = await import("./commands/conflicts.ts");
      await tellConflictCounts(options, terminal);
    });
}

function addPull(program: Command, terminal: Terminal, setExitCode: SetExitCode): void {
  program
    .command("pull")
    .description("pull once from the parent now, and say what came of it")
    .addOption(folderOption(terminal))
    .option("--dry-run", "only tell what would come; nothing is written")
    .option("--even-if-paused", "pull though somebody has paused it")
    .option("--json", "print JSON")
    .action(async (options: RoundOptions) => {
      const { pull } = await import("./commands/pull.ts");
      setExitCode(await pull(options, terminal));
    });
}

function addFailed(program: Command, terminal: Terminal): void {
  const failed = program
    .command("failed")
    .description("list, show, retry and discard what could not be sent to the parent or taken in from it");
  failed
    .command("list", { isDefault: true })
    .description("list what failed: identifiers and codes, nothing of the records")
    .addOption(folderOption(terminal))
    .option("--after <id>", "go on behind this failure")
    .option("--json", "print JSON")
    .action(async (options: FailedOptions & { readonly after?: string }) => {
      const { listFailed } = await import("./commands/failed.ts");
      await listFailed(options, terminal);
    });
  failed
    .command("show")
    .description("show one failure: what the parent said, and what the records hold here")
    .argument("<id>", "the failure, as the list names it: pull:Patient/123 or push:17")
    .addOption(folderOption(terminal))
    .option("--json", "print JSON")
    .action(async (id: string, options: FailedOptions) => {
      const { showFailed } = await import("./commands/failed.ts");
      await showFailed(id, options, terminal);
    });
  failed
    .command("retry")
    .description("have one failure tried again in the next round, or several")
    .argument("[id]", "the failure, as the list names it")
    .addOption(folderOption(terminal))
    .option("--all", "everything on the list")
    .option("--class <class>", "everything of one class: transient, dependency, invalid, …")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (id: string | undefined, options: RetryFailedOptions) => {
      const { retryFailed } = await import("./commands/failed.ts");
      await retryFailed(id, options, terminal);
    });
  failed
    .command("discard")
    .description("give one failure up, or several; the records stay here as they are")
    .argument("[id]", "the failure, as the list names it")
    .addOption(folderOption(terminal))
    .option("--all", "everything on the list")
    .option("--class <class>", "everything of one class: transient, dependency, invalid, …")
    .option("--yes", "with --all or --class: really; without it only the number is told")
    .requiredOption("--reason <text>", "why; the audit trail keeps it")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (id: string | undefined, options: DiscardFailedOptions) => {
      const { discardFailed } = await import("./commands/failed.ts");
      await discardFailed(id, options, terminal);
    });
}

function addAudit(program: Command, terminal: Terminal, setExitCode: SetExitCode): void {
  const audit = program
    .command("audit")
    .description("read the trail of who did what, and check that nobody altered it");
  withAuditFilters(audit.command("list", { isDefault: true }))
    .description("list what happened on this node and on those below it, what arrived last first")
    .addOption(folderOption(terminal))
    .option("--limit <number>", "entries at a time", "50")
    .option("--before <key>", "go on where the last list ended")
    .option("--json", "as one JSON object")
    .action(async (options: AuditListOptions) => {
      const { listAuditTrail } = await import("./commands/audit.ts");
      await listAuditTrail(options, terminal);
    });
  withAuditFilters(audit.command("export"))
    .description("print every entry that the filters find, in the order of arrival, as CSV or NDJSON")
    .addOption(folderOption(terminal))
    .option("--format <name>", "csv or ndjson", "csv")
    .action(async (options: AuditExportOptions) => {
      const { exportAudit } = await import("./commands/audit-export.ts");
      await exportAudit(options, terminal);
    });
  audit
    .command("acknowledge")
    .description("end the warning that a node told something else of its trail than before, once it is explained")
    .argument("<node>", "the node whose trail it is")
    .addOption(folderOption(terminal))
    .requiredOption("--reason <text>", "why; the audit trail keeps it")
    .option("--as <name>", "who says so (default: the user of this terminal)")
    .action(async (node: string, options: FolderOption & { readonly reason: string; readonly as?: string }) => {
      const { acknowledgeAudit } = await import("./commands/audit-verify.ts");
      setExitCode(await acknowledgeAudit(node, options, terminal));
    });
  audit
    .command("verify")
    .description("walk every trail that is here; ends with 1 and names the place when an entry was altered or removed")
    .addOption(folderOption(terminal))
    .option("--json", "as one JSON object")
    .action(async (options: FolderOption & { readonly json?: boolean }) => {
      const { verifyAudit } = await import("./commands/audit-verify.ts");
      setExitCode(await verifyAudit(options, terminal));
    });
}

function withAuditFilters(command: Command): Command {
  return command
    .option("--actor <name>", "only what this user or node did")
    .option("--node <name>", "only what this node wrote down")
    .option("--reference <type/id>", "only what concerns this record")
    .option("--operation <name>", "only this kind: local-write, pull, push, merge, resolve …")
    .option("--outcome <name>", "only what ended so: applied, merged, rejected …")
    .option("--since <time>", "only from this moment on, such as 2026-01-31 or 2026-01-31T08:00:00Z")
    .option("--until <time>", "only before this moment");
}

function addTimeline(program: Command, terminal: Terminal, setExitCode: SetExitCode): void {
  program
    .command("timeline")
    .description("tell what became of one record: every version, who, where, by which link, and what changed")
    .argument("<reference>", "the record, such as Patient/123")
    .addOption(folderOption(terminal))
    .option("--json", "as one JSON object")
    .action(async (reference: string, options: FolderOption & { readonly json?: boolean }) => {
      const { timeline } = await import("./commands/timeline.ts");
      setExitCode(await timeline({ reference, ...options }, terminal));
    });
}

function addStatus(program: Command, terminal: Terminal): void {
  program
    .command("status")
    .description("say what the node holds and how far it is in step; of one record, which nodes above have it")
    .argument("[reference]", "a record, such as Patient/123")
    .addOption(folderOption(terminal))
    .option("--json", "as one JSON object")
    .action(async (reference: string | undefined, options: FolderOption & { json?: boolean }) => {
      if (reference !== undefined) {
        const { recordReach } = await import("./commands/record-reach.ts");
        return recordReach({ ...options, reference }, terminal);
      }
      const { status } = await import("./commands/status.ts");
      await status(options, terminal);
    });
}

function addToken(program: Command, terminal: Terminal): void {
  const token = program
    .command("token")
    .description("make, list and revoke the tokens that let programs call this node");
  token
    .command("create")
    .description("make a token and print it; it is shown this once")
    .argument("<name>", "who will use it")
    .addOption(folderOption(terminal))
    .action(async (name: string, { dir }: FolderOption) => {
      const { createToken } = await import("./commands/token.ts");
      await createToken({ dir, name }, terminal);
    });
  token
    .command("list")
    .description("list the tokens, without their texts")
    .addOption(folderOption(terminal))
    .action(async ({ dir }: FolderOption) => {
      const { listTokens } = await import("./commands/token.ts");
      await listTokens({ dir }, terminal);
    });
  token
    .command("revoke")
    .description("end a token's life at once")
    .argument("<name>", "the token's name")
    .addOption(folderOption(terminal))
    .action(async (name: string, { dir }: FolderOption) => {
      const { revokeToken } = await import("./commands/token.ts");
      await revokeToken({ dir, name }, terminal);
    });
}

function addLoad(program: Command, terminal: Terminal): void {
  program
    .command("load")
    .description(
      "load FHIR records from files: transaction and batch Bundles, single resources, NDJSON; .gz is unpacked",
    )
    .argument("<files...>", "files, or folders whose .json, .ndjson and .gz files are meant")
    .addOption(folderOption(terminal))
    .action(async (files: string[], { dir }: FolderOption) => {
      const { load } = await import("./commands/load.ts");
      await load({ dir, files }, terminal);
    });
}

function addDemo(program: Command, terminal: Terminal, setExitCode: SetExitCode): void {
  program
    .command("demo")
    .description("start a parent and two children on this machine, load patients, and watch them stay in step")
    .option(
      "--once",
      "one round: load, let the children pull, compare; cut them off, edit at all nodes, let them meet, compare; end",
    )
    .option("--json", "with --once: print the result as one JSON object")
    .option("--patients <number>", "how many patients to make up", "40")
    .option("--seed <number>", "which patients to make up", "1")
    .option("--data <folder>", "load the FHIR Bundles in this folder instead (.json, .json.gz)")
    .option("--postgres", "run the parent on PostgreSQL instead of SQLite")
    .option("--dir <folder>", "put the nodes here (default: a temporary folder)")
    .option("--keep", "leave the folder behind")
    .addHelpText("after", demoEpilogue)
    .action(async (options: DemoOptions) => {
      const { demo } = await import("./commands/demo.ts");
      setExitCode(await demo(options, terminal));
    });
}
