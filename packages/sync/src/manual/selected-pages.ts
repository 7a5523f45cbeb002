import type { Database } from "@tributary/database";
import type { ResourceKey, ResourceStore } from "@tributary/fhir";
import { type Clock, TributaryError } from "@tributary/kernel";
import type { ParentConnection } from "../pull/parent-connection.ts";
import { findSelected, type SelectedPage } from "./find-selected.ts";
import { selectPageMax, writeSelectRequest } from "./select-request.ts";
import { parseSelectedPage } from "./selected-page.ts";
import { type Selection, selectedReferencesMax } from "./selection.ts";

/** Records that one request by hand may move; their results are told one by one. */
export const selectedRecordsMax = 10_000;
/** Pages of one selection; a catchment may leave many of them nearly empty. */
const pagesMax = 1_000;

/** What a selection means at this node, page by page. Throws `CONFIG_INVALID` when it means too many records. */
export function selectedHere(
  { database, store, clock }: { readonly database: Database; readonly store: ResourceStore; readonly clock: Clock },
  selection: Selection,
  signal: AbortSignal,
): AsyncGenerator<SelectedPage> {
  const read = (after: string | undefined) =>
    database.snapshot((reader) =>
      findSelected(reader, store, selection, { after, limit: selectPageMax, now: clock.now() }),
    );
  return pages(read, signal);
}

/** What a selection means at the parent, a request a page, any number of references in it; throws what the line throws. */
export async function* selectedThere(
  connection: ParentConnection,
  selection: Selection,
  signal: AbortSignal,
): AsyncGenerator<SelectedPage> {
  if (selection.kind !== "references") return yield* askedPages(connection, selection, signal);
  const { references: all } = selection;
  for (let at = 0; at < all.length; at += selectedReferencesMax) {
    const references = all.slice(at, at + selectedReferencesMax);
    yield* askedPages(connection, { kind: "references", references }, signal);
  }
}

/**
 * The records that a selection means at either end, each once: what one end finds and the other does not is to be brought
 * into step all the same. Throws what the line throws.
 */
export async function selectedAtEither(
  connection: ParentConnection,
  here: Parameters<typeof selectedHere>[0],
  selection: Selection,
  signal: AbortSignal,
): Promise<Selection> {
  if (selection.kind === "references") return selection;
  const found = new Map<string, ResourceKey>();
  for (const pages of [selectedHere(here, selection, signal), selectedThere(connection, selection, signal)]) {
    for await (const { records } of pages) {
      for (const { type, id } of records) found.set(`${type}/${id}`, { type, id });
    }
  }
  return { kind: "references", references: [...found.values()] };
}

function askedPages(
  connection: ParentConnection,
  selection: Selection,
  signal: AbortSignal,
): AsyncGenerator<SelectedPage> {
  const read = async (after: string | undefined) => {
    const body = writeSelectRequest({ selection, limit: selectPageMax, after });
    const answer = await connection.ask("select", { body }, "application/json", signal);
    return parseSelectedPage(new TextDecoder().decode(answer.body));
  };
  return pages(read, signal);
}

async function* pages(
  read: (after: string | undefined) => Promise<SelectedPage>,
  signal: AbortSignal,
): AsyncGenerator<SelectedPage> {
  let after: string | undefined;
  let records = 0;
  for (let number = 1; ; number++) {
    signal.throwIfAborted();
    const page = await read(after);
    records += page.records.length + page.missing.length;
    if (records > selectedRecordsMax || number > pagesMax) {
      throw new TributaryError(
        "CONFIG_INVALID",
        `The selection means more than ${selectedRecordsMax} records; choose fewer, or leave it to the next round.`,
      );
    }
    yield page;
    if (page.next === undefined) return;
    after = page.next;
  }
}
