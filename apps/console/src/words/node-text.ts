import type { RefusalAnswer } from "@tributary/admin-api";
import type { NodeWords } from "./node-words.ts";
import { type Language, spokenIn } from "./spoken.ts";

/** What a node says of something that was not done. */
export type NodeSaid = RefusalAnswer;

/** The same for the reader. */
export interface NodeText {
  readonly text: string;
  /** The node's own sentence, in English, where it tells more than the text does. */
  readonly original?: string;
}

/**
 * What a node says, in the reader's language: by the key of the sentence; by the code when that is not known, with the
 * node's sentence beside it; and as the node says it when the code is not known either.
 */
export function nodeText(language: Language, { code, message, told }: NodeSaid): NodeText {
  const words = spokenIn(language).node;
  if (!words) return { text: message };
  const sentence = isParts(told) ? tell(words, told) : undefined;
  if (sentence) return sentence.isWhole ? { text: sentence.text } : { text: sentence.text, original: message };
  const meaning = words.codes[code];
  return meaning === undefined ? { text: message } : { text: meaning, original: message };
}

/** What a setting is for; the node's own description where there is no other. */
export function meaningText(language: Language, key: string, description: string): string {
  return spokenIn(language).node?.meanings[key] ?? description;
}

/** Values in which a check says what exactly is wrong; a form may leave them out. */
const details = ["diagnostics", "issues"] as const;

/** A sentence by its key. */
type Parts = NonNullable<NodeSaid["told"]>;

interface Told {
  readonly text: string;
  /** Whether it says all that the node's sentence does. */
  readonly isWhole: boolean;
}

/** A sentence with its values put in; `undefined` where it, or a part of it, is not known. */
function tell(words: NodeWords, { key, values }: Parts): Told | undefined {
  const form = words.sentences[key];
  if (form === undefined) return undefined;
  const names = [...form.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const said = new Map(names.map((name) => [name, tellValue(words, values[name])]));
  if ([...said.values()].includes(undefined)) return undefined;
  return {
    text: form.replace(/\{(\w+)\}/g, (_, name: string) => said.get(name)?.text ?? ""),
    isWhole:
      [...said.values()].every((value) => value?.isWhole) &&
      details.every((name) => !(name in values) || names.includes(name)),
  };
}

/** A text as it is, a part of the sentence, or several of them. */
function tellValue(words: NodeWords, value: unknown): Told | undefined {
  if (typeof value === "string") return { text: value, isWhole: true };
  const parts = [value].flat().map((part) => (isParts(part) ? tell(words, part) : undefined));
  if (parts.includes(undefined)) return undefined;
  return { text: parts.map((part) => part?.text).join(" "), isWhole: parts.every((part) => part?.isWhole) };
}

/** What a newer node tells may have another form. */
function isParts(told: unknown): told is Parts {
  if (typeof told !== "object" || told === null) return false;
  const { key, values } = told as Partial<Record<keyof Parts, unknown>>;
  return typeof key === "string" && typeof values === "object" && values !== null;
}
