import type { DemoOptions } from "../commands/demo.ts";
import type { CommandLine } from "./command-line.ts";

const demoEpilogue = `
Keys of --json: converged, database, records, children, loadSeconds, seconds; editsApart (made, found, lost), merges,
openConflicts, meetSeconds; moved, began, troubles. apps/tributary/README.md explains each. It ends with 1 when the nodes did not converge.`;

/** `tributary demo`: a network on this machine, to look at. */
export function addDemoCommand({ program, terminal, setExitCode }: CommandLine): void {
  program
    .command("demo")
    .description("start a hospital and its clinics on this machine, and look at them in their consoles")
    .option("--once", "one round and its result: load, edit apart, meet, move a patient, let a clinic begin; then end")
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
