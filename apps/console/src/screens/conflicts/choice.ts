import type { ConflictAnswer } from "@tributary/admin-api";
import type { Fragment } from "./differing-values.ts";

/** What somebody chose for one contested element; `text` is what was typed as another value. */
export type Choice =
  | { readonly take: "parent" | "child" | "current" }
  | { readonly take: "value"; readonly text: Readonly<Record<string, string>> };

/** A decision before anybody has given a reason for it. */
export type Decision =
  | { readonly take: "parent" | "child" | "current" }
  | { readonly value: Readonly<Record<string, unknown>> };

/** What a choice asks of the node; `undefined` when what was typed cannot be read. */
export function decisionOf(choice: Choice): Decision | undefined {
  if (choice.take !== "value") return { take: choice.take };
  const value: Record<string, unknown> = {};
  for (const [element, text] of Object.entries(choice.text)) {
    const read = readTyped(text);
    if (read.kind === "unreadable") return undefined;
    if (read.kind === "value") value[element] = read.value;
  }
  return { value };
}

/** The first texts for another value: what the record shows of each element, as it would be typed. */
export function typedFrom({ element }: ConflictAnswer): Readonly<Record<string, string>> {
  const shown: Fragment = (element.shown === "theirs" ? element.theirs : element.mine) ?? {};
  return Object.fromEntries(element.elements.map((name) => [name, asTyped(shown[name])]));
}

/** What was typed: nothing leaves the element out, text that looks like JSON is JSON, everything else is text. */
export function readTyped(
  text: string,
): { readonly kind: "value"; readonly value: unknown } | { readonly kind: "absent" | "unreadable" } {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "absent" };
  if (!/^([{["]|-?\d+(\.\d+)?$|true$|false$)/.test(trimmed)) return { kind: "value", value: trimmed };
  try {
    return { kind: "value", value: JSON.parse(trimmed) };
  } catch {
    return { kind: "unreadable" };
  }
}

function asTyped(value: unknown): string {
  if (value === undefined) return "";
  const isPlain =
    typeof value === "string" && JSON.stringify(readTyped(value)) === JSON.stringify({ kind: "value", value });
  return isPlain ? value : JSON.stringify(value, null, 2);
}
