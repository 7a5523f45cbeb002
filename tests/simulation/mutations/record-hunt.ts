import { readPart, recordRun } from "../../long-runs/record-run.ts";
import { bugsOf } from "./historic-bugs.ts";
import type { Hunt } from "./hunt-with-seeds.ts";
import type { Mutation } from "./mutation.ts";
import { mutations } from "./mutations.ts";

const part = "mutations";

/** Writes how a hunt ended into the mutation's row of the page; the rows of others stay as they are. */
export async function recordHunt(mutation: Mutation, hunt: Hunt): Promise<void> {
  await recordRun(part, tableWith(await readPart(part), mutation, hunt));
}

/** The table of all mutations with another end of one hunt, in the order in which they are hunted. */
export function tableWith(table: string, { name }: Pick<Mutation, "name">, { isKilled, how }: Hunt): string {
  const ends = new Map<string, string>();
  for (const [, of = "", end = ""] of table.matchAll(/^\|.*`([\w-]+)`:.*\| ([^|]+) \|$/gm)) ends.set(of, end);
  ends.set(name, `${isKilled ? "killed" : "SURVIVED"}: ${how}`);
  const rows = mutations.map((one) => ({ ...one, end: ends.get(one.name) ?? "not hunted yet" }));
  const count = (word: string) => rows.filter(({ end }) => end.startsWith(word)).length;
  return [
    `${count("killed")} killed, ${count("SURVIVED")} survived, ${count("not")} not hunted yet.`,
    "",
    "| historic bug | put back as | found |",
    "|---|---|---|",
    ...rows.map((one) => `| ${bugsOf(one.name).join("; ")} | \`${one.name}\`: ${one.story} | ${one.end} |`),
  ].join("\n");
}
