import { outcomeText } from "./outcome-text.ts";
import { isWordKey, say } from "./say.ts";
import { type Language, spokenIn } from "./spoken.ts";

/**
 * What the audit trail, or a link, keeps as an error: the reason of a failure, an outcome, a code. What is none of them, a
 * reason that somebody typed or a consumer's own message, stays as it is.
 */
export function errorText(language: Language, error: string): string {
  const reason = `failure.reason.${error}`;
  if (isWordKey(reason)) return say(language, reason);
  const meaning = spokenIn(language).node?.codes[error];
  return meaning === undefined ? outcomeText(language, error) : `${meaning} (${error})`;
}
