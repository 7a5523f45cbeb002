import { type RefusalKey, refusalSentences } from "@tributary/admin-api";
import { type ToldSentence, type ToldValue, tellSentence, type ValuesOf } from "@tributary/kernel";
import type { Refusal } from "./refusal.ts";
import { RequestRefused } from "./request-refused.ts";

/** What of a refusal is not its sentence. */
type RefusalHead = Pick<Refusal, "status" | "code" | "headers">;

/** The refusal of a request, to be thrown, in one of the sentences of the admin API. */
export function refuse<Key extends RefusalKey>(
  head: RefusalHead,
  key: Key,
  values: ValuesOf<(typeof refusalSentences)[Key]>,
): RequestRefused {
  return new RequestRefused(refusalBy(head, key, values));
}

/** The same as a value. */
export function refusalBy<Key extends RefusalKey>(
  head: RefusalHead,
  key: Key,
  values: ValuesOf<(typeof refusalSentences)[Key]>,
): Refusal {
  const told: ToldSentence = { key, values: values as Readonly<Record<string, ToldValue>> };
  return { ...head, sentence: tellSentence(refusalSentences, told), told };
}
