import { describeAdminApi } from "@tributary/admin-api";
import { expect, it } from "vitest";
import { english } from "./catalogue.ts";

/** Names of programs, and words that no screen shows by themselves. */
const unsaid: ReadonlySet<string> = new Set([
  "sqlite",
  "postgres",
  "already-open",
  "undone",
  "foreign",
  "reason-refused",
  "theirs",
]);

interface Schema {
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly [keyword: string]: unknown;
}

it("every state, kind and outcome that the API can answer has its word", () => {
  const said = new Set(Object.keys(english).map((key) => key.slice(key.lastIndexOf(".") + 1)));

  const answered = new Set(answersOf(describeAdminApi("1.0.0")).flatMap(wordsIn));

  expect(answered.size).toBeGreaterThan(50);
  expect([...answered].filter((word) => !said.has(word) && !unsaid.has(word))).toEqual([]);
});

/** The schemas of what is answered when nothing is refused. */
function answersOf({ paths }: Readonly<Record<string, unknown>>): readonly unknown[] {
  type Operation = { readonly responses: Readonly<Record<string, unknown>> };
  return Object.values(paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>).flatMap((methods) =>
    Object.values(methods).map(({ responses }) => responses["200"]),
  );
}

/** Every word that a schema, or one within it, has a closed list of. */
function wordsIn(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { enum: several = [], const: one } = schema as Schema;
  const words = [...(Array.isArray(several) ? several : []), one].filter((word) => typeof word === "string");
  return [...words, ...Object.values(schema).flatMap(wordsIn)];
}
