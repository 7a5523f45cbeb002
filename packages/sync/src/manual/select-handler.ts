import type { Database } from "@tributary/database";
import { type ResourceKey, type ResourceStore, referenceTo } from "@tributary/fhir";
import { type Clock, isErrorCode } from "@tributary/kernel";
import { readableAmong } from "../catchment/readable-among.ts";
import { visibilityOf } from "../catchment/visibility.ts";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { jsonAnswer, refusal } from "../line/json-answer.ts";
import { findSelected, type SelectedPage, type SelectedRecord } from "./find-selected.ts";
import { parseSelectRequest, type SelectRequest } from "./select-request.ts";
import { writeSelectedPage } from "./selected-page.ts";

/** Pages looked through for one answer; a search that finds more that may not be seen is gone on with by the child. */
const looksMax = 20;

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
    const now = clock.now();
    const visibility = await visibilityOf(reader, child, now);
    if (selection.kind === "patient") {
      const { patient } = selection;
      if (!(await visibility.mayHold(reader, [patient])).has(patient)) return nothing;
    }
    const look = async (from: string | undefined): Promise<SelectedPage> => {
      const page = await findSelected(reader, store, selection, { limit, after: from, now });
      return { ...page, records: await readableAmong(reader, visibility, page.records, (record) => record) };
    };
    return selection.kind === "references"
      ? withMissing(await look(after), selection.references.slice(Number(after ?? 0)), limit)
      : fullPage(look, after, limit);
  });
}

/** Lists as missing, in the order in which they were named, what is not there and what may not be seen: nobody can tell. */
function withMissing(page: SelectedPage, asked: readonly ResourceKey[], limit: number): SelectedPage {
  const seen = new Set(page.records.map(referenceTo));
  return { ...page, missing: asked.slice(0, limit).filter((key) => !seen.has(referenceTo(key))) };
}

/**
 * Looks on until a page is full and there is more behind it, so that neither the number of pages nor their length tells
 * how much was kept back.
 */
async function fullPage(
  look: (after: string | undefined) => Promise<SelectedPage>,
  after: string | undefined,
  limit: number,
): Promise<SelectedPage> {
  const records: SelectedRecord[] = [];
  let next = after;
  for (let looks = 1; looks <= looksMax; looks++) {
    const page = await look(next);
    if (records.length >= limit && page.records.length > 0) break;
    if (records.length < limit) records.push(...page.records);
    next = page.next;
    if (next === undefined) break;
  }
  return { records, missing: [], next };
}

const nothing: SelectedPage = { records: [], missing: [], next: undefined };
