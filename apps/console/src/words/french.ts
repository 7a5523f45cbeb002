import type { Catalogue } from "./catalogue.ts";
import { alertWords } from "./fr/alerts.ts";
import { auditWords } from "./fr/audit.ts";
import { catchmentWords } from "./fr/catchments.ts";
import { codes } from "./fr/codes.ts";
import { configRefusals } from "./fr/config-refusals.ts";
import { conflictWords } from "./fr/conflicts.ts";
import { elementWords } from "./fr/elements.ts";
import { failureWords } from "./fr/failures.ts";
import { feedWords } from "./fr/feeds.ts";
import { meanings } from "./fr/meanings.ts";
import { networkWords } from "./fr/network.ts";
import { nodeWords } from "./fr/node.ts";
import { recordWords } from "./fr/records.ts";
import { refusals } from "./fr/refusals.ts";
import { setUpScreenWords } from "./fr/set-up.ts";
import { settingWords } from "./fr/settings.ts";
import { shellWords } from "./fr/shell.ts";
import type { NodeWords } from "./node-words.ts";

/** All texts of the console in French. */
export const french: Catalogue = {
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

/** What a node says in English, in French. */
export const nodeInFrench: NodeWords = { sentences: { ...refusals, ...configRefusals }, codes, meanings };
