import { TributaryError } from "@tributary/kernel";
import { exportSnapshot } from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { carriedPath, megabytes } from "./carried-path.ts";
import { openNodeAt } from "./node-at.ts";
import { oneRound } from "./one-round.ts";
import { operatorOf } from "./operator.ts";
import { describeProgress } from "./snapshot-progress-text.ts";

export interface ExportSnapshotOptions {
  readonly dir: string;
  readonly for: string;
  readonly to: string;
  readonly json?: boolean;
}

export interface ImportSnapshotOptions {
  readonly dir: string;
  readonly json?: boolean;
}

/** `tributary snapshot export`: all that a child is to begin with, in one file that only this child can read. */
export async function exportSnapshotFile(options: ExportSnapshotOptions, terminal: Terminal): Promise<void> {
  const { dir, for: child, to, json } = options;
  await using node = await openNodeAt(dir, terminal);
  const { id: nodeId, config, database, clock, snapshots } = node;
  if (config.node.role === "child") {
    throw new TributaryError("CONFIG_INVALID", `The node ${nodeId} is a child; snapshots are written by its parent.`);
  }
  const file = await carriedPath(to, `snapshot-for-${child}.tributary`);
  const { author } = operatorOf(nodeId, undefined, terminal);
  const startedAt = clock.now();
  const written = await exportSnapshot({
    database,
    nodeId,
    clock,
    snapshots,
    child,
    file,
    author,
    onProgress: (bytes, bytesTotal) =>
      terminal.redraw(
        `Writing: ${megabytes(bytes)} of ${megabytes(bytesTotal)}${left(bytes, bytesTotal, clock.now() - startedAt)}`,
      ),
  });
  if (json) terminal.print(JSON.stringify({ ...written, file }));
  else {
    const { records, bytes, catchment } = written;
    terminal.note(
      `${file} holds ${records} records of the catchment ${catchment}, ${megabytes(bytes)}. At ${child} run:\n  tributary snapshot import ${file}`,
    );
  }
}

/** `tributary snapshot import`: begins from a file that was carried here; broken off, it goes on with the same file. */
export async function importSnapshotFile(
  file: string,
  { dir, json }: ImportSnapshotOptions,
  terminal: Terminal,
): Promise<void> {
  const listeners = {
    onSnapshotProgress: (progress: Parameters<typeof describeProgress>[0]) =>
      terminal.redraw(describeProgress(progress)),
  };
  const taken = await oneRound(dir, terminal, listeners, (synchronizer, signal, node) =>
    synchronizer.importSnapshot(file, operatorOf(node.id, undefined, terminal).author, signal),
  );
  if (json) terminal.print(JSON.stringify(taken));
  else terminal.note(`${taken.records} records of ${taken.parent}'s catchment ${taken.catchment} are here.`);
}

function left(bytes: number, bytesTotal: number, tookMs: number): string {
  const seconds = Math.ceil((tookMs / 1000) * (bytesTotal / bytes - 1));
  return `; about ${seconds} s left.`;
}
