import { type Catalogue, english } from "./catalogue.ts";
import type { NodeWords } from "./node-words.ts";

/** The languages that the console speaks. */
export const languages = ["en", "fr"] as const;

/** One of them. */
export type Language = (typeof languages)[number];

/** What is said in a language; what a node says is in English already. */
interface Spoken {
  readonly catalogue: Catalogue;
  readonly node?: NodeWords;
}

const spoken: { en: Spoken; fr?: Spoken } = { en: { catalogue: english } };

/** Loads what is said in a language, once. English is always there; whoever reads it never loads the others. */
export async function learn(language: Language): Promise<void> {
  if (spoken[language]) return;
  const { french, nodeInFrench } = await import("./french.ts");
  spoken.fr = { catalogue: french, node: nodeInFrench };
}

/** Whether a language has been loaded. */
export function isSpoken(language: Language): boolean {
  return spoken[language] !== undefined;
}

/** What is said in a language; English as long as it has not been loaded. */
export function spokenIn(language: Language): Spoken {
  return spoken[language] ?? spoken.en;
}
