import { isResourceId, isResourceType, type ResourceKey } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";

/** References that one selection may name; who wants more selects by patient or by search. */
export const selectedReferencesMax = 1_000;
/** Characters of a search that is sent to the parent. */
const searchLengthMax = 4_000;

/** Which records somebody has chosen: by name, all of one patient's compartment, or what a FHIR search finds. */
export type Selection =
  | { readonly kind: "references"; readonly references: readonly ResourceKey[] }
  | { readonly kind: "patient"; readonly patient: string }
  /** `query` is what stands behind the question mark. */
  | { readonly kind: "search"; readonly type: string; readonly query: string };

/** A selection as somebody wrote it; exactly one of the three is given. */
export interface SelectionText {
  /** `Patient/123`. */
  readonly references?: readonly string[] | undefined;
  /** A patient's id, or `Patient/123`. */
  readonly patient?: string | undefined;
  /** `Observation?code=…&date=ge…`. */
  readonly search?: string | undefined;
}

/** Reads a selection. Throws `CONFIG_INVALID` with a sentence that says what would be right. */
export function parseSelection({ references, patient, search }: SelectionText): Selection {
  const given = [references !== undefined && references.length > 0, patient !== undefined, search !== undefined];
  if (given.filter(Boolean).length !== 1) {
    throw wrong("Choose records in one way: by reference, by patient, or by search.");
  }
  if (patient !== undefined) {
    const id = patient.replace(/^Patient\//, "");
    if (!isResourceId(id)) throw wrong("A patient is named by its id, such as 123 or Patient/123.");
    return { kind: "patient", patient: id };
  }
  if (search !== undefined) return parseSearch(search);
  if (references!.length > selectedReferencesMax) {
    throw wrong(`At most ${selectedReferencesMax} records can be named; choose by patient or by search.`);
  }
  const distinct = new Map(references!.map((text) => [text, keyOf(text)]));
  return { kind: "references", references: [...distinct.values()] };
}

function keyOf(text: string): ResourceKey {
  const [type = "", id = "", ...rest] = text.split("/");
  if (isResourceType(type) && isResourceId(id) && rest.length === 0) return { type, id };
  throw wrong("A record is named by its type and id, such as Patient/123.");
}

function parseSearch(text: string): Selection {
  const question = text.indexOf("?");
  const type = question < 0 ? text : text.slice(0, question);
  const query = question < 0 ? "" : text.slice(question + 1);
  if (!isResourceType(type) || text.length > searchLengthMax) {
    throw wrong("A search begins with a resource type, such as Observation?code=8867-4&date=ge2026-01-01.");
  }
  return { kind: "search", type, query };
}

function wrong(sentence: string): TributaryError {
  return new TributaryError("CONFIG_INVALID", sentence);
}
