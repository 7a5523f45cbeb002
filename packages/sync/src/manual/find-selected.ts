import type { Reader } from "@tributary/database";
import {
  FhirRefusal,
  listCompartment,
  parseReference,
  parseSearchRequest,
  type ResourceKey,
  type ResourceStore,
  referenceTo,
  type StoredVersion,
  search,
} from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import type { Selection } from "./selection.ts";

/** A record as the side that was searched has it now; nothing of its content. */
export interface SelectedRecord extends ResourceKey {
  readonly version: number;
  readonly isDeleted: boolean;
  /** As a stream entry carries it; empty for a deletion. */
  readonly bodyDigest: string;
  /** Characters of its stored text. */
  readonly size: number;
}

/** Some of the records that a selection means. */
export interface SelectedPage {
  readonly records: readonly SelectedRecord[];
  /** Named records that are not there. */
  readonly missing: readonly ResourceKey[];
  /** Handed in as `after`, it gives the page that follows; `undefined` when there is none. */
  readonly next: string | undefined;
}

/** Where to go on, how far, and what time it is for searches that speak of now. */
export interface SelectedPlace {
  readonly after?: string | undefined;
  readonly limit: number;
  readonly now: number;
}

/**
 * Finds a page of the records that a selection means at this node. What a search does not know is refused, never left
 * out: a wider search than was meant would move records that nobody chose. Throws `CONFIG_INVALID` for such a search,
 * without its values, which may be about people.
 */
export async function findSelected(
  reader: Reader,
  store: ResourceStore,
  selection: Selection,
  place: SelectedPlace,
): Promise<SelectedPage> {
  const { keys, next } = await keysOf(reader, selection, place);
  const found = await store.readMany(reader, keys);
  const there = keys.flatMap((key) => found.get(referenceTo(key)) ?? []);
  return {
    records: there.map(selectedRecord),
    missing: keys.filter((key) => !found.has(referenceTo(key))),
    next,
  };
}

function selectedRecord({ key, version, body, bodyHash }: StoredVersion): SelectedRecord {
  return {
    ...key,
    version,
    isDeleted: body === undefined,
    bodyDigest: bodyHash === null ? "" : bodyDigestOf(bodyHash),
    size: body?.length ?? 0,
  };
}

interface KeyPage {
  readonly keys: readonly ResourceKey[];
  readonly next: string | undefined;
}

async function keysOf(reader: Reader, selection: Selection, { after, limit, now }: SelectedPlace): Promise<KeyPage> {
  switch (selection.kind) {
    case "references": {
      const from = Number(after ?? 0);
      const keys = selection.references.slice(from, from + limit);
      return { keys, next: from + limit < selection.references.length ? String(from + limit) : undefined };
    }
    case "patient": {
      const behind = after === undefined ? undefined : parseReference(after);
      const keys = await listCompartment(reader, selection.patient, behind, limit);
      return { keys, next: keys.length === limit ? referenceTo(keys.at(-1)!) : undefined };
    }
    case "search": {
      const parameters = new URLSearchParams(selection.query);
      // The order does not matter, and the token of a sorted page would tell a value of its last record.
      parameters.delete("_sort");
      parameters.set("_count", String(limit));
      if (after !== undefined) parameters.set("_page", after);
      const result = await search(reader, requestOf(selection.type, parameters, now));
      return { keys: [...result.matches, ...result.includes].map(({ type, id }) => ({ type, id })), next: result.next };
    }
  }
}

function requestOf(type: string, parameters: URLSearchParams, now: number): ReturnType<typeof parseSearchRequest> {
  try {
    return parseSearchRequest(type, parameters, { isStrict: true, now });
  } catch (error) {
    if (!(error instanceof FhirRefusal)) throw error;
    const codes = error.issues.map(({ code }) => code).join(", ");
    const message = `The search on ${type} cannot be done (${codes}); ask it of the FHIR API to read why.`;
    throw new TributaryError("CONFIG_INVALID", message);
  }
}
