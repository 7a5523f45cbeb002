import type { FindRecordsOptions, ShowRecordOptions } from "../commands/records.ts";
import type { CommandLine } from "./command-line.ts";
import { sorted } from "./list-options.ts";

/** `tributary record`: what a node holds of somebody. */
export function addRecordCommands({ program, terminal, place }: CommandLine): void {
  const record = program.command("record").description("find a record at this node, and show what it says");
  sorted(place(record.command("find")), ["match", "name", "birthDate", "gender", "id", "lastUpdated"])
    .description("find patients by name, identifier or id, or any record by its reference")
    .argument("<text>", "a name, an identifier, an id, or a reference such as Observation/12")
    .option("--limit <number>", "how many at a time, at most 100 (default: 20)")
    .option("--after <place>", "go on where the last list ended")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample: tributary record find achieng --sort birthDate")
    .action(async (text: string, options: FindRecordsOptions) => {
      const { findRecords } = await import("../commands/records.ts");
      await findRecords(text, options, terminal);
    });
  place(record.command("show"))
    .description("show one record as it stands here; `timeline` tells how it came to be so")
    .argument("<reference>", "the record, such as Patient/123")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample: tributary record show Patient/123")
    .action(async (reference: string, options: ShowRecordOptions) => {
      const { showRecord } = await import("../commands/records.ts");
      await showRecord(reference, options, terminal);
    });
}
