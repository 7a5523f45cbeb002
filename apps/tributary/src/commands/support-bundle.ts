import { open, writeFile } from "node:fs/promises";
import { TributaryError } from "@tributary/kernel";
import { describeLog, describeNode } from "../support/describe-node.ts";
import type { Terminal } from "../terminal.ts";
import { examine } from "./doctor.ts";
import { openDatabaseAt } from "./node-at.ts";

/** The end of a log file that is looked at. */
const logBytesMax = 1024 * 1024;

export interface SupportBundleOptions {
  readonly dir: string;
  readonly to: string;
  /** A file into which the node's standard output went. */
  readonly log?: string;
}

/**
 * `tributary support-bundle`: writes one JSON file for those who help. It holds codes, numbers and the names of nodes, and
 * neither secrets nor a word or an identifier of any record.
 */
export async function writeSupportBundle({ dir, to, log }: SupportBundleOptions, terminal: Terminal): Promise<void> {
  const lines = log === undefined ? [] : await lastLinesOf(log);
  const findings = await examine(dir, terminal);
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const bundle = { ...(await describeNode(config, database)), doctor: findings, log: describeLog(lines) };
  await writeFile(to, `${JSON.stringify(bundle, null, 2)}\n`, { flag: "wx", mode: 0o600 });
  terminal.note(`${to} can be sent to those who help: it holds no secrets and nothing of any record.`);
}

async function lastLinesOf(file: string): Promise<string[]> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    const length = Math.min(size, logBytesMax);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString("utf8").split("\n");
  } catch (cause) {
    throw new TributaryError("CONFIG_INVALID", "The file of --log cannot be read; name one that is there.", { cause });
  }
}
