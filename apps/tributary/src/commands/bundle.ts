import { dirname } from "node:path";
import { TributaryError } from "@tributary/kernel";
import { type Node, playBundleAt } from "@tributary/runtime";
import { type ImportedAnswer, type PlayedBundle, peekCarriedFile, requireNotPaused } from "@tributary/sync";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { carriedPath, megabytes } from "./carried-path.ts";
import { openNodeAt } from "./node-at.ts";
import { oneRound } from "./one-round.ts";
import { operatorOf } from "./operator.ts";
import { textTable } from "./text-table.ts";

export interface ExportBundleOptions {
  readonly dir: string;
  readonly to: string;
  readonly json?: boolean;
}

export interface ImportBundleOptions {
  readonly dir: string;
  readonly answer?: string;
  readonly json?: boolean;
}

/** `tributary bundle export`: what a child would say to its parent over a line, in one file that only the parent can read. */
export async function exportBundleFile({ dir, to, json }: ExportBundleOptions, terminal: Terminal): Promise<void> {
  let file = to;
  const written = await oneRound(dir, terminal, {}, async (synchronizer, signal, node) => {
    await requireNotPaused(node.database, ["push", "pull"]);
    file = await carriedPath(to, `bundle-from-${node.id}.tributary`);
    return synchronizer.exportBundle(file, operatorOf(node.id, undefined, terminal).author, signal);
  });
  if (json) {
    terminal.print(JSON.stringify({ ...written, file }));
    return;
  }
  const { parent, turn, units, records, decisions, auditEntries, bytes, left } = written;
  const rows = Object.entries({ units, records, decisions, "audit entries": auditEntries, "left for the next": left });
  terminal.print(
    textTable(
      ["in the file", "number"],
      rows.map(([what, count]) => [what, String(count)]),
    ),
  );
  terminal.note(
    `Bundle ${turn}, ${megabytes(bytes)}, is in ${file}. At ${parent} run:\n  tributary bundle import ${file}`,
  );
}

/**
 * `tributary bundle import`: at a parent a child's bundle, for which an answer is written; at a child the parent's answer.
 * The file itself says which. Returns the exit code: 0 only when it was taken and nothing is missing of it.
 */
export async function importBundleFile(
  file: string,
  options: ImportBundleOptions,
  terminal: Terminal,
): Promise<number> {
  const { kind } = await peekCarriedFile(file);
  if (kind === "snapshot") {
    throw new TributaryError(
      "CARRIED_FILE_REFUSED",
      `${file} is a snapshot: take it in with \`tributary snapshot import\`.`,
    );
  }
  if (kind === "answer") return takeAnswer(file, options, terminal);
  return play(file, options, terminal);
}

async function play(file: string, { dir, answer, json }: ImportBundleOptions, terminal: Terminal): Promise<number> {
  await using node = await openNodeAt(dir, terminal);
  if (node.config.node.role === "child") {
    throw new TributaryError("CONFIG_INVALID", `The node ${node.id} is a child; a bundle is for its parent.`);
  }
  const stop = new AbortController();
  const end = () => stop.abort();
  process.once("SIGINT", end).once("SIGTERM", end);
  const played = await playBundleAt(node, await bundleOf(file, answer, node, terminal), stop.signal);
  process.off("SIGINT", end).off("SIGTERM", end);
  if (json) terminal.print(JSON.stringify(played));
  else describePlayed(played, terminal);
  return played.outcome === "taken" ? exitCodes.done : exitCodes.failed;
}

async function bundleOf(file: string, answer: string | undefined, node: Node, terminal: Terminal) {
  const { from } = await peekCarriedFile(file);
  const answerPath = await carriedPath(answer ?? dirname(file), `answer-for-${from}.tributary`);
  return {
    file,
    answerFile: () => answerPath,
    author: operatorOf(node.id, undefined, terminal).author,
    onProgress: (requests: number, requestsTotal: number) =>
      terminal.redraw(`Taking in: request ${requests + 1} of ${requestsTotal}.`),
  };
}

function describePlayed({ child, turn, outcome, verdicts, answer, bytes }: PlayedBundle, terminal: Terminal): void {
  if (outcome === "older") {
    terminal.note(
      `Nothing was taken: more is known of ${child} than bundle ${turn} says. It is an old file, or ${child} was restored from a backup; the answer tells it so.`,
    );
  } else {
    const rows = Object.entries(verdicts).map(([kind, count]) => [kind, String(count)]);
    terminal.print(textTable(["verdict", "units"], rows.length > 0 ? rows : [["none", "0"]]));
    terminal.note(`Bundle ${turn} of ${child} was taken.`);
  }
  terminal.note(
    `The answer, ${megabytes(bytes)}, is in ${answer}. At ${child} run:\n  tributary bundle import ${answer}`,
  );
}

async function takeAnswer(file: string, { dir, json }: ImportBundleOptions, terminal: Terminal): Promise<number> {
  const onProgress = ({ tally }: { readonly tally: { readonly applied: number } }) =>
    terminal.redraw(`${tally.applied} records taken in.`);
  const taken = await oneRound(dir, terminal, { onProgress }, async (synchronizer, signal, node) => {
    await requireNotPaused(node.database, ["push", "pull"]);
    return synchronizer.importAnswer(file, operatorOf(node.id, undefined, terminal).author, signal);
  });
  if (json) terminal.print(JSON.stringify(taken));
  else terminal.note(sentenceOf(taken));
  const isWhole = taken.outcome === "taken" && !taken.pulled?.error;
  return isWhole ? exitCodes.done : exitCodes.failed;
}

function sentenceOf({ parent, turn, lastTurn, outcome, pushed, pulled }: ImportedAnswer): string {
  if (outcome === "restored") {
    return `${parent} knows more of this node than its database does: it was restored from a backup. It names its changes afresh; write another bundle.`;
  }
  if (outcome === "older") return `${parent} had taken in a later bundle than ${turn}; there is nothing to do.`;
  const sent = `${pushed.pushed + pushed.merged} records of bundle ${turn} are at ${parent}, ${pushed.conflicts} conflicts`;
  const refusedUnits = pushed.rejected > 0 ? ` ${pushed.rejected} were refused; see \`tributary failed\`.` : "";
  const came = `${pulled?.applied ?? 0} records were taken in`;
  const why = pulled?.error ? ` It was broken off: ${pulled.error.message} [${pulled.error.code}]` : "";
  const later = lastTurn > turn ? ` Bundle ${lastTurn} is still out.` : "";
  return `${sent}; ${came}.${refusedUnits}${why}${later}`;
}
