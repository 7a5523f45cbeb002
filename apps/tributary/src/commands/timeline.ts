import { isResourceId, isResourceType, type JsonValue, stringifyLossless } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { readTimeline } from "@tributary/runtime";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { openNodeAt } from "./node-at.ts";
import { describeTimeline } from "./timeline-text.ts";

export interface TimelineOptions {
  readonly dir: string;
  /** `Type/id`. */
  readonly reference: string;
  readonly json?: boolean;
}

/**
 * `tributary timeline`: what became of one record, with the values of its elements, which is what was asked for. Returns
 * the exit code: 1 when this node never had the record.
 */
export async function timeline({ dir, reference, json }: TimelineOptions, terminal: Terminal): Promise<number> {
  const [type = "", id = "", ...rest] = reference.split("/");
  if (!isResourceType(type) || !isResourceId(id) || rest.length > 0) {
    throw new TributaryError("CONFIG_INVALID", "Name a record by its type and id, such as Patient/123.");
  }
  await using node = await openNodeAt(dir, terminal);
  const told = await node.database.snapshot((reader) => readTimeline(reader, node.store, { type, id }));
  if (!told) {
    terminal.note(`The node ${node.id} never had ${reference}.`);
    return exitCodes.failed;
  }
  // Decimals keep the digits that they were recorded with.
  terminal.print(json ? stringifyLossless(told as unknown as JsonValue) : describeTimeline(told));
  return exitCodes.done;
}
