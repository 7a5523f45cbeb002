import { conflictWords } from "./en/conflicts.ts";
import { failureWords } from "./en/failures.ts";
import { networkWords } from "./en/network.ts";
import { nodeWords } from "./en/node.ts";
import { shellWords } from "./en/shell.ts";
import { conflictWords as frenchConflictWords } from "./fr/conflicts.ts";
import { failureWords as frenchFailureWords } from "./fr/failures.ts";
import { networkWords as frenchNetworkWords } from "./fr/network.ts";
import { nodeWords as frenchNodeWords } from "./fr/node.ts";
import { shellWords as frenchShellWords } from "./fr/shell.ts";

const en = { ...shellWords, ...networkWords, ...nodeWords, ...failureWords, ...conflictWords };

/** The name of a text. A text that is missing in a language does not compile. */
export type WordKey = keyof typeof en;

const fr: Readonly<Record<WordKey, string>> = {
  ...frenchShellWords,
  ...frenchNetworkWords,
  ...frenchNodeWords,
  ...frenchFailureWords,
  ...frenchConflictWords,
};

/** All texts of the console, by language. */
export const catalogues: {
  readonly en: Readonly<Record<WordKey, string>>;
  readonly fr: Readonly<Record<WordKey, string>>;
} = { en, fr };

/** The languages that the console speaks. */
export type Language = keyof typeof catalogues;
