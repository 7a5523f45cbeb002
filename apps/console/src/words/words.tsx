import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { catalogues, type Language, type WordKey } from "./catalogue.ts";
import { elementText } from "./element-text.ts";
import { agoText, bytesText, durationText, timeText } from "./measures.ts";
import { outcomeText } from "./outcome-text.ts";
import { isWordKey, say, type WordValues } from "./say.ts";

/** The console's words in the user's language. */
export interface Words {
  readonly language: Language;
  readonly changeLanguage: (language: Language) => void;
  /** Whether somebody chose the language in this browser; before that it is a guess. */
  readonly hasChosen: boolean;
  readonly say: (key: WordKey, values?: WordValues) => string;
  /** The text of a name that is put together, `sayIfKnown("state." + state)`; the last part of the name when there is none. */
  readonly sayIfKnown: (key: string) => string;
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

/** Speaks the language that was chosen, and before a choice the browser's, where there is a catalogue for it. */
export function WordsProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(readLanguage);
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
      setLanguage(chosen);
    },
    say: (key, values) => say(language, key, values),
    sayIfKnown: (key) => (isWordKey(key) ? say(language, key) : key.slice(key.lastIndexOf(".") + 1)),
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
  return wanted.find((one): one is Language => one !== null && one in catalogues) ?? "en";
}
