import { syncRecordsRequest } from "@tributary/admin-api";
import { type JsonValue, stringifyLossless } from "@tributary/fhir";
import { type Direction, parseSelection, requireNotPaused } from "@tributary/sync";
import { maySeePeople } from "./admin-caller.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, readBody, synchronizerAt } from "./admin-request.ts";
import { withheldPreview } from "./withheld.ts";

/** `POST /admin/v1/sync-records`: brings chosen records into step now, or tells what that would do. */
export const syncRecords: AdminHandler = (node) => async (request) => {
  const { direction, preview, evenIfPaused, ...text } = readBody(request, syncRecordsRequest);
  const directions: readonly Direction[] = direction === "both" ? ["push", "pull"] : [direction];
  const asked = { selection: parseSelection(text), directions };
  const synchronizer = await synchronizerAt(node);
  if (preview) {
    const previews = await synchronizer.previewSelected(asked, request.signal);
    const records = maySeePeople(request) ? previews : previews.map(withheldPreview);
    return answer({ records }, (value) => stringifyLossless(value as JsonValue));
  }
  if (!evenIfPaused) await requireNotPaused(node.database, directions);
  return answer(await synchronizer.syncSelected(asked, actorOf(request, node).author, request.signal));
};
