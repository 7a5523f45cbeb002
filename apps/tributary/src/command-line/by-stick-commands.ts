import type { ExportBundleOptions, ImportBundleOptions } from "../commands/bundle.ts";
import type { AcceptOptions, FinishOptions, RequestOptions } from "../commands/enrol-by-hand.ts";
import type { ExportSnapshotOptions, ImportSnapshotOptions } from "../commands/snapshot.ts";
import type { CommandLine } from "./command-line.ts";

/** Enrolment, beginning and rounds by files, where there is no line. */
export function addByStickCommands(line: CommandLine): void {
  addEnrolByHand(line);
  addSnapshot(line);
  addBundle(line);
}

function addEnrolByHand({ program, terminal, folder, place }: CommandLine): void {
  const byHand = program
    .command("enrol-by-hand")
    .description("let a child in that has no line: child, stick, parent, stick, child; the code is told as ever");
  byHand
    .command("request")
    .description("at a child: write what it asks its parent into a file")
    .addOption(folder())
    .requiredOption("--code <code>", "the code that the parent issued; it is not in the file")
    .requiredOption("--to <path>", "the file, or a folder such as the stick")
    .action(async (options: RequestOptions) => {
      const { requestByHand } = await import("../commands/enrol-by-hand.ts");
      await requestByHand(options, terminal);
    });
  place(byHand.command("accept"))
    .description("at a parent: take such a request in and write the answer")
    .argument("<file>", "the file that the child wrote")
    .option("--to <path>", "the file or folder for the answer (default: beside the request)")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .action(async (file: string, options: AcceptOptions) => {
      const { acceptByHand } = await import("../commands/enrol-by-hand.ts");
      await acceptByHand(file, options, terminal);
    });
  byHand
    .command("finish")
    .description("at a child: take the answer in, and be a child from then on")
    .argument("<file>", "the file that the parent wrote")
    .addOption(folder())
    .requiredOption("--code <code>", "the same code")
    .action(async (file: string, options: FinishOptions) => {
      const { finishByHand } = await import("../commands/enrol-by-hand.ts");
      await finishByHand(file, options, terminal);
    });
}

function addSnapshot({ program, terminal, folder }: CommandLine): void {
  const snapshot = program
    .command("snapshot")
    .description("begin a child from a file: on a stick, sealed for that child and signed by its parent");
  snapshot
    .command("export")
    .description("at a parent: write all that a child is to begin with into a file")
    .addOption(folder())
    .requiredOption("--for <name>", "the child that it is for; no other node can read it")
    .requiredOption("--to <path>", "the file, or a folder such as the stick")
    .option("--json", "as one JSON object")
    .action(async (options: ExportSnapshotOptions) => {
      const { exportSnapshotFile } = await import("../commands/snapshot.ts");
      await exportSnapshotFile(options, terminal);
    });
  snapshot
    .command("import")
    .description("at a child: take such a file in; broken off, it goes on with the same file")
    .argument("<file>", "the file that the parent wrote")
    .addOption(folder())
    .option("--json", "as one JSON object")
    .action(async (file: string, options: ImportSnapshotOptions) => {
      const { importSnapshotFile } = await import("../commands/snapshot.ts");
      await importSnapshotFile(file, options, terminal);
    });
}

function addBundle({ program, terminal, folder, setExitCode }: CommandLine): void {
  const bundle = program
    .command("bundle")
    .description("push and pull by files, where there is no line: child, stick, parent, stick, child");
  bundle
    .command("export")
    .description("at a child: write what it has to say, and where it stands, into a file for its parent")
    .addOption(folder())
    .requiredOption("--to <path>", "the file, or a folder such as the stick")
    .option("--json", "as one JSON object")
    .action(async (options: ExportBundleOptions) => {
      const { exportBundleFile } = await import("../commands/bundle.ts");
      await exportBundleFile(options, terminal);
    });
  bundle
    .command("import")
    .description("at a parent: take a child's bundle in and write the answer; at a child: take the answer in")
    .argument("<file>", "the file that the other node wrote")
    .addOption(folder())
    .option("--answer <path>", "at a parent: the file or folder for the answer (default: beside the bundle)")
    .option("--json", "as one JSON object")
    .action(async (file: string, options: ImportBundleOptions) => {
      const { importBundleFile } = await import("../commands/bundle.ts");
      setExitCode(await importBundleFile(file, options, terminal));
    });
}
