import { readFile, stat } from "node:fs/promises";
import { bodyBytesMax, isJsonObject, type JsonObject, parseLossless } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { type EditOutcome, editFailure } from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import type { FailedOptions } from "./failed.ts";
import { openNodeAt } from "./node-at.ts";
import { operatorOf } from "./operator.ts";

export interface EditFailedOptions extends FailedOptions {
  readonly file: string;
  /** The version on which the edit was made. */
  readonly ifVersion?: number;
  /** Who edits. */
  readonly as?: string;
}

/** `tributary failed edit`: puts a record of a failed unit right; the node may be running meanwhile. */
export async function editFailed(failureId: string, options: EditFailedOptions, terminal: Terminal): Promise<void> {
  const { dir, file, ifVersion: version, as, json } = options;
  const resource = await readRecord(file);
  await using node = await openNodeAt(dir, terminal);
  const actor = operatorOf(node.id, as, terminal);
  const outcome = await node.database.transaction((tx) =>
    editFailure(tx, node.store, failureId, { resource, version }, actor),
  );
  if (outcome.kind !== "edited") throw notEdited(outcome, failureId);
  const { reference } = outcome;
  if (json) terminal.print(JSON.stringify({ edited: failureId, reference, version: outcome.version }));
  else {
    const sent = "it is sent again in the next round; `tributary push` does it now";
    terminal.note(`${reference} is now version ${outcome.version}: ${sent}.`);
  }
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

function notEdited(outcome: Exclude<EditOutcome, { kind: "edited" }>, failureId: string): TributaryError {
  const refused = (sentence: string) => new TributaryError("FAILURE_NOT_EDITED", sentence);
  switch (outcome.kind) {
    case "unknown":
      return refused(`There is no failure ${failureId} on the list; \`tributary failed list\` shows them all.`);
    case "not-own-changes":
      return refused("Only own changes are mended by an edit here; the parent's records are edited at the parent.");
    case "other-record":
      return refused(`The file has none of the failure's records, which are ${outcome.references.join(", ")}.`);
    case "version-mismatch":
      return refused(`${outcome.reference} is at version ${outcome.current ?? "none"}; look at it again.`);
    case "unchanged":
      return refused(`${outcome.reference} says that already; \`tributary failed retry\` sends it as it is.`);
    case "foreign":
      return refused(outcome.issues.map(({ diagnostics }) => diagnostics).join(" "));
    case "invalid": {
      const why = outcome.issues.map(({ diagnostics }) => diagnostics).join(" ");
      return refused(`The record would not be valid: ${why}`);
    }
  }
}
