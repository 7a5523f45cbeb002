import { Option } from "commander";
import type { RoundOptions } from "../commands/dry-run.ts";
import type { DirectionOptions } from "../commands/pause.ts";
import type { SyncRecordOptions } from "../commands/sync-record.ts";
import type { VerifyOptions } from "../commands/verify.ts";
import type { CommandLine } from "./command-line.ts";

/** To bring parent and child into step now, to stop and to let go on, and to see whether they are alike. */
export function addRoundCommands(line: CommandLine): void {
  addPush(line);
  addPull(line);
  addSyncRecord(line);
  addPause(line);
  addVerify(line);
}

function addPush({ program, terminal, place, setExitCode }: CommandLine): void {
  place(program.command("push"))
    .description("send what was changed here to the parent now, and say what came of it")
    .option("--dry-run", "only tell what would go; nothing is written")
    .option("--even-if-paused", "push though somebody has paused it")
    .option("--json", "print JSON")
    .action(async (options: RoundOptions) => {
      const { push } = await import("../commands/push.ts");
      setExitCode(await push(options, terminal));
    });
}

function addPull({ program, terminal, place, setExitCode }: CommandLine): void {
  place(program.command("pull"))
    .description("pull once from the parent now, and say what came of it")
    .option("--dry-run", "only tell what would come; nothing is written")
    .option("--even-if-paused", "pull though somebody has paused it")
    .option("--json", "print JSON")
    .action(async (options: RoundOptions) => {
      const { pull } = await import("../commands/pull.ts");
      setExitCode(await pull(options, terminal));
    });
}

function addSyncRecord({ program, terminal, place, setExitCode }: CommandLine): void {
  place(program.command("sync-record"))
    .description("bring chosen records into step now: by reference, all of a patient's, or what a search finds")
    .argument("[references...]", "records, such as Patient/123")
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
      const { syncRecord } = await import("../commands/sync-record.ts");
      setExitCode(await syncRecord(references, options, terminal));
    });
}

function addPause({ program, terminal, place }: CommandLine): void {
  place(program.command("pause"))
    .description("stop sending to the parent, taking from it, or both, until `resume`; nothing is lost meanwhile")
    .option("--push", "only the sending")
    .option("--pull", "only the taking")
    .requiredOption("--reason <text>", "why; it is shown to whoever asks, and the audit trail keeps it")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (options: DirectionOptions & { readonly reason: string }) => {
      const { pause } = await import("../commands/pause.ts");
      await pause(options, terminal);
    });
  place(program.command("resume"))
    .description("let what was paused go on")
    .option("--push", "only the sending")
    .option("--pull", "only the taking")
    .option("--as <name>", "who decides (default: the user of this terminal)")
    .option("--json", "print JSON")
    .action(async (options: DirectionOptions) => {
      const { resume } = await import("../commands/pause.ts");
      await resume(options, terminal);
    });
}

function addVerify({ program, terminal, place, setExitCode }: CommandLine): void {
  place(program.command("verify"))
    .description("compare all records with the parent's; ends with 1 when they are not identical")
    .option("--repair", "fetch and send what differs")
    .option("--json", "as one JSON object")
    .action(async (options: VerifyOptions) => {
      const { verify } = await import("../commands/verify.ts");
      setExitCode(await verify(options, terminal));
    });
}
