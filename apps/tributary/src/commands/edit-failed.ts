import { readFile, stat } from "node:fs/promises";
import { bodyBytesMax, isJsonObject, type JsonObject, parseLossless } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import type { FailedOptions } from "./failed.ts";

export interface EditFailedOptions extends FailedOptions {
  readonly file: string;
  /** The version on which the edit was made. */
  readonly ifVersion?: number;
}

/** `tributary failed edit`: puts a record of a failed unit right; the node may be running meanwhile. */
export async function editFailed(id: string, options: EditFailedOptions, terminal: Terminal): Promise<void> {
  const { file, ifVersion: version, json } = options;
  const body = await readRecord(file);
  await using admin = await openAdmin(options, terminal);
  const edited = await admin.ask("POST /failures/:id/edit", { path: { id }, body: { body, version } });
  if (json) return terminal.print(JSON.stringify(edited));
  const sent = "it is sent again in the next round; `tributary push` does it now";
  terminal.note(`${edited.reference} is now version ${edited.version}: ${sent}.`);
}

async function readRecord(file: string): Promise<JsonObject> {
  const unreadable = (why: string, cause?: unknown) =>
    new TributaryError("INPUT_UNREADABLE", `${file} ${why}.`, cause === undefined ? {} : { cause });
  const size = await stat(file).then(
    (found) => found.size,
    (error: unknown) => {
      throw unreadable("cannot be read", error);
    },
  );
  if (size > bodyBytesMax) throw unreadable(`is larger than a record can be, ${bodyBytesMax} bytes`);
  const text = await readFile(file, "utf8");
  try {
    const resource = parseLossless(text);
    if (isJsonObject(resource)) return resource;
  } catch (error) {
    throw unreadable("is no JSON", error);
  }
  throw unreadable("is no record");
}
