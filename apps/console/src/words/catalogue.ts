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
import { alertWords as frenchAlertWords } from "./fr/alerts.ts";
import { auditWords as frenchAuditWords } from "./fr/audit.ts";
import { catchmentWords as frenchCatchmentWords } from "./fr/catchments.ts";
import { conflictWords as frenchConflictWords } from "./fr/conflicts.ts";
import { elementWords as frenchElementWords } from "./fr/elements.ts";
import { failureWords as frenchFailureWords } from "./fr/failures.ts";
import { feedWords as frenchFeedWords } from "./fr/feeds.ts";
import { networkWords as frenchNetworkWords } from "./fr/network.ts";
import { nodeWords as frenchNodeWords } from "./fr/node.ts";
import { recordWords as frenchRecordWords } from "./fr/records.ts";
import { setUpScreenWords as frenchSetUpScreenWords } from "./fr/set-up.ts";
import { settingWords as frenchSettingWords } from "./fr/settings.ts";
import { shellWords as frenchShellWords } from "./fr/shell.ts";

const en = {
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
export type WordKey = keyof typeof en;

const fr: Readonly<Record<WordKey, string>> = {
  ...frenchShellWords,
  ...frenchNetworkWords,
  ...frenchNodeWords,
  ...frenchFailureWords,
  ...frenchConflictWords,
  ...frenchAlertWords,
  ...frenchAuditWords,
  ...frenchCatchmentWords,
  ...frenchElementWords,
  ...frenchFeedWords,
  ...frenchRecordWords,
  ...frenchSettingWords,
  ...frenchSetUpScreenWords,
};

/** All texts of the console, by language. */
export const catalogues: {
  readonly en: Readonly<Record<WordKey, string>>;
  readonly fr: Readonly<Record<WordKey, string>>;
} = { en, fr };

/** The languages that the console speaks. */
export type Language = keyof typeof catalogues;
