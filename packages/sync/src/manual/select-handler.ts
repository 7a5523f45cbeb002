import type { Database } from "@tributary/database";
import { type ResourceStore, referenceTo } from "@tributary/fhir";
import { type Clock, isErrorCode } from "@tributary/kernel";
import { visibilityOf } from "../catchment/visibility.ts";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { jsonAnswer, refusal } from "../json-answer.ts";
import { findSelected, type SelectedPage } from "./find-selected.ts";
import { parseSelectRequest, type SelectRequest } from "./select-request.ts";
import { writeSelectedPage } from "./selected-page.ts";

export interface SelectOptions {
  readonly store: ResourceStore;
  readonly clock: Clock;
}

/**
 * Tells a child, page by page, which records a selection means here and in which version. It reads only. What the child
 * may not see is answered exactly as what is not there.
 */
export function createSelectHandler(database: Database, options: SelectOptions): ChildHandler {
  return async (request, child) => {
    try {
      const asked = parseSelectRequest(request.body);
      if (typeof asked === "string") return refusal(400, "REMOTE_REFUSED", asked);
      const page = await findVisible(database, child.node, asked, options);
      return jsonAnswer(200, writeSelectedPage(page));
    } catch (error) {
      if (!isErrorCode(error, "CONFIG_INVALID")) throw error;
      return refusal(400, "REMOTE_REFUSED", error.message);
    }
  };
}

async function findVisible(
  database: Database,
  child: string,
  { selection, limit, after }: SelectRequest,
  { store, clock }: SelectOptions,
): Promise<SelectedPage> {
  return database.snapshot(async (reader) => {
    const visibility = await visibilityOf(reader, child);
    const page = await findSelected(reader, store, selection, { limit, after, now: clock.now() });
    const visible = await visibility.mayRead(reader, page.records);
    const hidden = page.records.filter((record) => !visible.has(referenceTo(record)));
    return {
      records: page.records.filter((record) => visible.has(referenceTo(record))),
      missing: selection.kind === "references" ? [...page.missing, ...hidden] : [],
      next: page.next,
    };
  });
}
