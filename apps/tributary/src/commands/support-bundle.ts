import { open, writeFile } from "node:fs/promises";
import { TributaryError } from "@tributary/kernel";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import { describeLog } from "../support/describe-node.ts";
import type { Terminal } from "../terminal.ts";
import { examine } from "./doctor.ts";

/** The end of a log file that is looked at. */
const logBytesMax = 1024 * 1024;

export interface SupportBundleOptions extends AdminOptions {
  readonly to: string;
  /** A file into which the node's standard output went. */
  readonly log?: string;
}

/**
 * `tributary support-bundle`: writes one JSON file for those who help. It holds codes, numbers and the names of nodes, and
 * neither secrets nor a word or an identifier of any record. Of the node in a folder it also tells what `doctor` finds.
 */
export async function writeSupportBundle(options: SupportBundleOptions, terminal: Terminal): Promise<void> {
  const { dir, node, to, log } = options;
  const lines = log === undefined ? undefined : describeLog(await lastLinesOf(log));
  const doctor = node ? {} : { doctor: await examine(dir, terminal) };
  await using admin = await openAdmin(options, terminal, { settings: "even-if-unusable" });
  const told = JSON.parse(await admin.ask("GET /support-bundle")) as object;
  const bundle = { ...told, ...doctor, ...(lines === undefined ? {} : { log: lines }) };
  await writeNew(to, `${JSON.stringify(bundle, null, 2)}\n`);
  terminal.note(`${to} can be sent to those who help: it holds no secrets and nothing of any record.`);
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "EEXIST" ? "is there already; name another one" : `cannot be written (${String(code)})`;
    throw new TributaryError("FILE_UNAVAILABLE", `The file ${file} ${why}.`, { cause });
  }
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
