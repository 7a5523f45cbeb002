import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import type { WordKey } from "./catalogue.ts";
import { elementText } from "./element-text.ts";
import { errorText } from "./error-text.ts";
import { agoText, bytesText, durationText, timeText } from "./measures.ts";
import { meaningText, type NodeSaid, type NodeText, nodeText } from "./node-text.ts";
import { outcomeText } from "./outcome-text.ts";
import { isWordKey, say, type WordValues } from "./say.ts";
import { isSpoken, type Language, languages, learn } from "./spoken.ts";

/** The console's words in the user's language. */
export interface Words {
  readonly language: Language;
  readonly changeLanguage: (language: Language) => void;
  /** Whether somebody chose the language in this browser; before that it is a guess. */
  readonly hasChosen: boolean;
  readonly say: (key: WordKey, values?: WordValues) => string;
  /** The text of a name that is put together, `sayIfKnown("state." + state)`; the last part of the name when there is none. */
  readonly sayIfKnown: (key: string) => string;
  /** What the node says of something that it did not do. */
  readonly sayNode: (said: NodeSaid) => NodeText;
  /** The same in one line, for a field or a title. */
  readonly sayNodeLine: (said: NodeSaid) => string;
  /** What the audit trail, or a link, keeps as an error. */
  readonly sayError: (error: string) => string;
  /** What a setting is for, by its key and what the node says of it. */
  readonly sayMeaning: (key: string, description: string) => string;
  /** An outcome of the audit trail. */
  readonly sayOutcome: (outcome: string) => string;
  /** The place of a value in a record. */
  readonly sayElement: (path: string) => string;
  readonly number: (value: number) => string;
  readonly ago: (time: number, now: number) => string;
  readonly duration: (lengthMs: number) => string;
  readonly bytes: (bytes: number) => string;
  readonly time: (time: number) => string;
}

const storageKey = "tributary-language";
const WordsContext = createContext<Words | undefined>(undefined);

/** Loads the language in which the console begins: the one that was chosen, or the browser's. */
export async function learnFirst(): Promise<void> {
  // What cannot be loaded is not spoken; the console then begins in English.
  await learn(readLanguage()).catch(() => undefined);
}

/** Speaks the language in which the console begins, as far as it has been loaded, until another one is chosen. */
export function WordsProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(() => (isSpoken(readLanguage()) ? readLanguage() : "en"));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const words = useMemo(() => wordsIn(language, setLanguage), [language]);
  return <WordsContext value={words}>{children}</WordsContext>;
}

/** The words of the language in force. */
export function useWords(): Words {
  const words = use(WordsContext);
  if (!words) throw new Error("useWords is used outside of WordsProvider.");
  return words;
}

function wordsIn(language: Language, setLanguage: (language: Language) => void): Words {
  return {
    language,
    hasChosen: localStorage.getItem(storageKey) !== null,
    changeLanguage: (chosen) => {
      localStorage.setItem(storageKey, chosen);
      // On a line that is cut just now the console goes on in the language that it has.
      void learn(chosen).then(
        () => setLanguage(chosen),
        () => undefined,
      );
    },
    say: (key, values) => say(language, key, values),
    sayIfKnown: (key) => (isWordKey(key) ? say(language, key) : key.slice(key.lastIndexOf(".") + 1)),
    sayNode: (said) => nodeText(language, said),
    sayNodeLine: (said) => {
      const { text, original } = nodeText(language, said);
      return original === undefined ? text : `${text} (${original})`;
    },
    sayError: (error) => errorText(language, error),
    sayMeaning: (key, description) => meaningText(language, key, description),
    sayOutcome: (outcome) => outcomeText(language, outcome),
    sayElement: (path) => elementText(language, path),
    number: (value) => new Intl.NumberFormat(language).format(value),
    ago: (time, now) => agoText(language, time, now),
    duration: (lengthMs) => durationText(language, lengthMs),
    bytes: (bytes) => bytesText(language, bytes),
    time: (time) => timeText(language, time),
  };
}

function readLanguage(): Language {
  const wanted = [localStorage.getItem(storageKey), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.find(isLanguage) ?? "en";
}

function isLanguage(tag: string | null): tag is Language {
  return languages.some((language) => language === tag);
}
