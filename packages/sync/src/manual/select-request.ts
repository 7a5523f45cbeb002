import { parseSelection, type Selection, type SelectionText } from "./selection.ts";

/** Records of one answer to a selection. */
export const selectPageMax = 500;
/** Characters of the place where a selection goes on: a search's token is the longest. */
const placeLengthMax = 2_000;

/** What a child asks its parent to choose. */
export interface SelectRequest {
  readonly selection: Selection;
  readonly limit: number;
  readonly after: string | undefined;
}

export function writeSelectRequest({ selection, limit, after }: SelectRequest): string {
  return JSON.stringify({ ...textOf(selection), limit, ...(after === undefined ? {} : { after }) });
}

/** Reads a request; a sentence says what is wrong with any other text. Throws `CONFIG_INVALID` as `parseSelection` does. */
export function parseSelectRequest(text: string): SelectRequest | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "The request is no JSON.";
  }
  if (typeof value !== "object" || value === null) return "The request is no JSON object.";
  const { references, patient, search, limit, after } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(limit) || (limit as number) < 1) return "Send a limit.";
  if (after !== undefined && (typeof after !== "string" || after.length > placeLengthMax)) return "The place is none.";
  if (references !== undefined && !isListOfText(references)) return "References are a list of texts.";
  if (!isTextOrAbsent(patient) || !isTextOrAbsent(search)) return "A patient or a search is a text.";
  const selection = parseSelection({ references, patient, search } as SelectionText);
  return { selection, limit: Math.min(limit as number, selectPageMax), after: after as string | undefined };
}

function textOf(selection: Selection): SelectionText {
  switch (selection.kind) {
    case "references":
      return { references: selection.references.map(({ type, id }) => `${type}/${id}`) };
    case "patient":
      return { patient: selection.patient };
    case "search":
      return { search: `${selection.type}?${selection.query}` };
  }
}

function isListOfText(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}
