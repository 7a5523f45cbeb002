import { alertWords } from "./en/alerts.ts";
import { auditWords } from "./en/audit.ts";
import { catchmentWords } from "./en/catchments.ts";
import { conflictWords } from "./en/conflicts.ts";
import { elementWords } from "./en/elements.ts";
import { failureWords } from "./en/failures.ts";
import { feedWords } from "./en/feeds.ts";
import { networkWords } from "./en/network.ts";
import { nodeWords } from "./en/node.ts";
import { recordWords } from "./en/records.ts";
import { setUpScreenWords } from "./en/set-up.ts";
import { settingWords } from "./en/settings.ts";
import { shellWords } from "./en/shell.ts";

/** All texts of the console in English, in which every node speaks too. */
export const english = {
  ...shellWords,
  ...networkWords,
  ...nodeWords,
  ...failureWords,
  ...conflictWords,
  ...alertWords,
  ...auditWords,
  ...catchmentWords,
  ...elementWords,
  ...feedWords,
  ...recordWords,
  ...settingWords,
  ...setUpScreenWords,
};

/** The name of a text. A text that is missing in a language does not compile. */
export type WordKey = keyof typeof english;

/** All texts of the console in one language. */
export type Catalogue = Readonly<Record<WordKey, string>>;
