/** The two databases that every statement is written for and tested on. */
export type Dialect = "sqlite" | "postgres";

/** What may be bound to a statement. There are no booleans and no dates: `0 | 1`, and text or milliseconds, instead. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/**
 * A statement written once and prepared once per connection. Parameters are `$1`, `$2` … in either dialect and are
 * always bound, never spliced into the text.
 */
export class Sql {
  readonly #texts: Readonly<Record<Dialect, string>>;
  /** Under this name a connection keeps the prepared statement. */
  readonly name: string;
  static #count = 0;

  constructor(texts: Readonly<Record<Dialect, string>>) {
    this.#texts = { postgres: texts.postgres, sqlite: texts.sqlite.replace(/\$(\d+)/g, "?$1") };
    this.name = `tributary_${++Sql.#count}`;
  }

  text(dialect: Dialect): string {
    return this.#texts[dialect];
  }
}

/** Writes a statement for both dialects, or a text for each where they differ. Make it once, at the top of a module. */
export function sql(text: string | Readonly<Record<Dialect, string>>): Sql {
  return new Sql(typeof text === "string" ? { sqlite: text, postgres: text } : text);
}
