import { readFileSync } from "node:fs";

/**
 * Names one of the tables that were made from the R4 definitions and lie beside this file; `generate/` makes them anew.
 * It is read and parsed when its content is first asked for, so that a program that needs none of it pays nothing.
 */
export function generatedTable<T>(name: string): () => T {
  let table: T | undefined;
  return () => {
    table ??= JSON.parse(readFileSync(new URL(`./${name}.generated.json`, import.meta.url), "utf8")) as T;
    return table;
  };
}
