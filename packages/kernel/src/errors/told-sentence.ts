/** What stands in a sentence: a name or a number as it is written, or a part that is told itself, or several of them. */
export type ToldValue = string | ToldSentence | readonly ToldSentence[];

/** A sentence by its key, with what stands in it, so that it can be told in another language than the node's. */
export interface ToldSentence {
  readonly key: string;
  readonly values: Readonly<Record<string, ToldValue>>;
}

/** Sentences by key; a name in braces stands for a value. */
export type SentenceTable = Readonly<Record<string, string>>;

/** The values that a sentence of a table needs: `{name}` asks for `name`. */
export type ValuesOf<Text extends string> = Readonly<Record<NamesIn<Text>, ToldValue>>;

type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/**
 * Writes a sentence in the words of a table, with its values put in. A key that the table does not have is written as it
 * is. Pure.
 */
export function tellSentence(table: SentenceTable, { key, values }: ToldSentence): string {
  return (table[key] ?? key).replace(/\{(\w+)\}/g, (braces, name: string) => {
    const value = values[name];
    return value === undefined ? braces : tellValue(table, value);
  });
}

function tellValue(table: SentenceTable, value: ToldValue): string {
  if (typeof value === "string") return value;
  return [value]
    .flat()
    .map((part) => tellSentence(table, part))
    .join(" ");
}
