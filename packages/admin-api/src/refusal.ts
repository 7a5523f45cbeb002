import * as z from "zod";

/** Words for what the protocol itself refuses, beside the codes of the catalogue of errors. */
export const refusalWords = [
  "structure",
  "invalid",
  "forbidden",
  "not-found",
  "not-supported",
  "waits",
  "too-many",
  "throttled",
  "exception",
] as const;

/** One of these words. */
export type RefusalWord = (typeof refusalWords)[number];

const toldSentence = z.object({
  key: z.string(),
  /** By name: a text, a part of the sentence that is told in the same way, or several of them. */
  values: z.record(z.string(), z.unknown()),
});

/** Why a request was not done: a stable code, and a sentence in English. */
export const refusalAnswer = z.object({
  code: z.string(),
  message: z.string(),
  /** The sentence by its key, where it has one, for a client that tells it in another language. */
  told: toldSentence.optional(),
});

/** A refusal as the admin API writes it. */
export type RefusalAnswer = z.output<typeof refusalAnswer>;
