/** What a node says in English, in another language. What is missing, a newer node's, is shown as the node says it. */
export interface NodeWords {
  /** Refusals and parts of them, by key; a name in braces stands for a value. */
  readonly sentences: Readonly<Record<string, string>>;
  /** What a code of an error means, for a sentence without a key that is known. */
  readonly codes: Readonly<Record<string, string>>;
  /** What a setting is for, by its key in the configuration. */
  readonly meanings: Readonly<Record<string, string>>;
}
