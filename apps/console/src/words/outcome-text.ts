import { isWordKey, say } from "./say.ts";
import type { Language } from "./spoken.ts";

/** Outcomes that end with what they are about, such as `catchment-lake`. */
const openEnded = ["user-created", "user-made", "user-language", "token-created", "catchment"] as const;

/** An outcome of the audit trail in words; one for which there are none comes as it stands in the trail. */
export function outcomeText(language: Language, outcome: string): string {
  const key = `outcome.${outcome}`;
  if (isWordKey(key)) return say(language, key);
  const start = openEnded.find((one) => outcome.startsWith(`${one}-`));
  if (start === undefined) return outcome;
  const rest = outcome.slice(start.length + 1);
  const named = [`role.${rest}`, `language.${rest}`].find(isWordKey);
  return say(language, `outcome.${start}-`, { what: named === undefined ? rest : say(language, named) });
}
