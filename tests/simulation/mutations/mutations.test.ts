import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { historicBugs } from "./historic-bugs.ts";
import { mutated } from "./mutated-source.ts";
import { mutationByName, mutations } from "./mutations.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const edits = mutations.flatMap((mutation) => mutation.edits.map((edit) => [mutation.name, edit] as const));

/** The sources of a room, by their paths from the root. */
function sourcesIn(room: string): readonly (readonly [path: string, text: string])[] {
  return readdirSync(`${root}${room}`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .map((path) => [`${room}/${path}`, readFileSync(`${root}${room}/${path}`, "utf8")]);
}

describe("a bug that is put back", () => {
  it.each(edits)("finds its place in the source: %s", (_, { room, find }) => {
    const times = sourcesIn(room).map(([, text]) => text.split(find).length - 1);

    expect(times.reduce((sum, count) => sum + count, 0)).toBe(1);
  });

  it.each(mutations.filter(({ tests }) => tests))("$name has its witnesses among the tests", ({ tests = [] }) => {
    for (const { path, title } of tests) expect(readFileSync(`${root}${path}`, "utf8")).toContain(title);
  });

  it("changes the one file that it is meant for, and no test", () => {
    const mutation = mutationByName("no-idempotency");
    const { room, find } = mutation.edits[0]!;
    const changed = sourcesIn("packages/sync/src").filter(
      ([path, text]) => mutated(mutation, path, text) !== undefined,
    );

    expect(changed).toHaveLength(1);
    expect(mutated(mutation, changed[0]![0], changed[0]![1])).not.toContain(find);
    expect(mutated(mutation, `${room}/some.test.ts`, find)).toBeUndefined();
  });
});

describe("the bugs that the field has had", () => {
  it.each(historicBugs)("$bug: is put back, and caught by what names it", ({ invariant, mutations: names }) => {
    const found = names.map((name) => mutations.find((one) => one.name === name));

    expect(found.every((one) => one !== undefined)).toBe(true);
    expect(found.flatMap((one) => one?.caughtBy ?? [])).toContain(invariant);
  });

  it("are all that is put back", () => {
    const named = historicBugs.flatMap(({ mutations: names }) => names);

    expect([...named].sort()).toEqual(mutations.map(({ name }) => name).sort());
  });
});
