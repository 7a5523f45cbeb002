import type { Conflict } from "./conflict.ts";
import { parseElementPath } from "./element-path.ts";

/**
 * The element that a conflict is about without saying which item of a list: `Patient.telecom` of
 * `Patient.telecom.where(system='phone')`, `Patient` of a whole record.
 */
export function elementNameOf({ type, element }: Pick<Conflict, "type" | "element">): string {
  return elementNameOfPath(type, element.path);
}

export function elementNameOfPath(type: string, path: string): string {
  return [type, ...(parseElementPath(path) ?? []).map(({ name }) => name)].join(".");
}
