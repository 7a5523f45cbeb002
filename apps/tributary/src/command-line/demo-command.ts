import type { DemoOptions } from "../commands/demo.ts";
import type { CommandLine } from "./command-line.ts";

const demoEpilogue = `
Keys of --json: converged, database, records, children, loadSeconds, seconds; editsApart (made, found, lost), merges,
openConflicts, meetSeconds. apps/tributary/README.md explains each. It ends with 1 when the nodes did not converge.`;

/** `tributary demo`: a network on this machine, to look at. */
export function addDemoCommand({ program, terminal, setExitCode }: CommandLine): void {
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
      const { demo } = await import("../commands/demo.ts");
      setExitCode(await demo(options, terminal));
    });
}
