import { isResourceId, isResourceType } from "@tributary/fhir";
import { isErrorCode, TributaryError } from "@tributary/kernel";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { describeTimeline } from "./timeline-text.ts";

export interface TimelineOptions extends AdminOptions {
  /** `Type/id`. */
  readonly reference: string;
  readonly json?: boolean;
}

/**
 * `tributary timeline`: what became of one record, with the values of its elements, which is what was asked for. Returns
 * the exit code: 1 when the node never had the record.
 */
export async function timeline(options: TimelineOptions, terminal: Terminal): Promise<number> {
  const [type = "", id = "", ...rest] = options.reference.split("/");
  if (!isResourceType(type) || !isResourceId(id) || rest.length > 0) {
    throw new TributaryError("CONFIG_INVALID", "Name a record by its type and id, such as Patient/123.");
  }
  await using admin = await openAdmin(options, terminal);
  try {
    const told = await admin.ask("GET /timeline/:type/:id", { path: { type, id } });
    terminal.print(options.json ? losslessJson(told) : describeTimeline(told));
    return exitCodes.done;
  } catch (error) {
    if (!isErrorCode(error, "NOT_THERE")) throw error;
    terminal.note(error.message);
    return exitCodes.failed;
  }
}
