import jsonPatch from "fast-json-patch";
import { FhirRefusal, refusal } from "../model/fhir-refusal.ts";
import { measureJson } from "../model/json-text.ts";
import { isJsonObject, type JsonValue } from "../model/json-value.ts";
import { equalLossless, parseLossless, stringifyLossless } from "../model/lossless-json.ts";
import { parseJson, refuseTooDeep } from "../model/parse-resource.ts";

const { applyOperation, getValueByPointer } = jsonPatch;

/** One step of a patch. See RFC 6902 §4 */
export type PatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: JsonValue }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly from: string; readonly path: string };

/** The most steps of one patch: a `copy` may double the document, so their number bounds its growth. */
const operationsMax = 1_000;
/** A patched resource may not outgrow what could have been sent whole; `copy` upon `copy` would. */
const patchedCharactersMax = 32 * 1024 * 1024;

/** Reads a JSON Patch, numbers with the digits they are written with. Throws a refusal (400) when it is none. */
export function readJsonPatch(text: string): readonly PatchOperation[] {
  parseJson(text);
  const value = parseLossless(text);
  if (!Array.isArray(value)) throw refusal(400, "structure", "A JSON Patch is an array of operations.");
  if (value.length > operationsMax) {
    throw refusal(400, "too-costly", `The patch has ${value.length} operations; at most ${operationsMax} are made.`);
  }
  return value.map(readOperation);
}

/**
 * Applies a patch to the text of a resource; numbers that it does not touch keep their digits.
 *
 * Throws a refusal (422) when a `test` fails or a path leads nowhere; the text it was given is never changed.
 */
export function applyJsonPatch(text: string, operations: readonly PatchOperation[]): string {
  let document = parseLossless(text);
  for (const [index, operation] of operations.entries()) {
    document = applyOne(document, operation, `operation ${index + 1} (${operation.op} ${operation.path})`);
    const grown = operation.op === "copy" ? stringifyLossless(document).length : 0;
    if (grown > patchedCharactersMax) throw refusal(422, "too-costly", "The patch makes the resource too large.");
  }
  const patched = stringifyLossless(document);
  refuseTooDeep(measureJson(patched).depth);
  return patched;
}

function applyOne(document: JsonValue, operation: PatchOperation, name: string): JsonValue {
  try {
    if (operation.op === "test") {
      const found = getValueByPointer(document, operation.path) as JsonValue | undefined;
      if (equalLossless(found, operation.value)) return document;
      throw refusal(422, "processing", `The patch's ${name} fails: the resource has another value there.`);
    }
    return applyOperation(document, operation, true, false, true).newDocument as JsonValue;
  } catch (error) {
    if (error instanceof FhirRefusal) throw error;
    throw refusal(422, "processing", `The patch's ${name} cannot be made: there is no such place in the resource.`);
  }
}

function readOperation(value: JsonValue, index: number): PatchOperation {
  const { op, path, from } = isJsonObject(value) ? value : {};
  const place = `The patch's operation ${index + 1}`;
  if (!isJsonObject(value) || typeof path !== "string" || !/^(\/.*)?$/s.test(path)) {
    throw refusal(400, "structure", `${place} has no path; a path is empty or begins with a slash.`);
  }
  switch (op) {
    case "add":
    case "replace":
    case "test":
      if (value["value"] === undefined) throw refusal(400, "structure", `${place} (${op}) has no value.`);
      return { op, path, value: value["value"] };
    case "remove":
      return { op, path };
    case "move":
    case "copy":
      if (typeof from !== "string") throw refusal(400, "structure", `${place} (${op}) has no from.`);
      return { op, from, path };
    default:
      throw refusal(400, "structure", `${place} is none of add, remove, replace, move, copy and test.`);
  }
}
