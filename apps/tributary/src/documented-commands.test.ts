import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { buildProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const silent: Terminal = {
  environment: {},
  isWatched: false,
  print() {},
  async stream() {},
  note() {},
  redraw() {},
};
const program = buildProgram(silent, () => {});
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "apps/tributary/README.md",
  ...readdirSync(`${root}docs`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** Every command that a page prints: in a block, behind a prompt or not, or between back quotes in the text. */
function commandsIn(text: string): string[] {
  const joined = text.replaceAll(/ *\\\n */g, " ");
  const inBlocks = [...joined.matchAll(/^(?:\w*\$ )?(?:npx )?tributary (.+)$/gm)].map(([, words = ""]) => words);
  const inText = [...joined.matchAll(/`(?:npx )?tributary ([^`]+)`/g)].map(([, words = ""]) => words);
  return [...inBlocks, ...inText].map((words) => words.replace(/ +(#|\||\(|>) .*$/, "").trim());
}

/** A sentence about the first word of a command that the program does not know; `undefined` when it knows all. */
function whatIsWrong(words: string): string | undefined {
  const said = words.replaceAll(/"[^"]*"|'[^']*'/g, "x").split(/\s+/);
  let here: readonly Command[] = [program];
  for (const word of said) {
    if (!isGroup(here) || !/^[a-z][a-z|-]*$/.test(word)) continue;
    const named = word
      .split("|")
      .map((name) => here.flatMap(({ commands }) => commands.filter((one) => one.name() === name)));
    if (named.some((one) => one.length === 0)) return `"${words}": there is no ${word}.`;
    here = named.flat();
  }
  // A group without a word of its own does what its first command does.
  const options = here.flatMap((command) => [command, ...command.commands].flatMap((one) => one.options));
  const known = new Set(["--help", "--version", ...options.map(({ long }) => long)]);
  const unknown = said.find((word) => word.startsWith("--") && !known.has(word.replace(/=.*/, "")));
  return unknown === undefined ? undefined : `"${words}": it takes no ${unknown}.`;
}

const isGroup = (commands: readonly Command[]) => commands.some((one) => one.commands.length > 0);

describe("the commands that are printed", () => {
  it.each(pages)("in %s are commands of the program, with its options", (page) => {
    const wrong = commandsIn(readFileSync(`${root}${page}`, "utf8")).flatMap((words) => whatIsWrong(words) ?? []);

    expect(wrong).toEqual([]);
  });

  it("would be found out if they were not", () => {
    expect(commandsIn("```\nhere$ tributary pull --dir x   # now\n```\n`tributary token make \\\n  a`")).toEqual([
      "pull --dir x",
      "token make a",
    ]);
    expect(whatIsWrong("token make a")).toContain("no make");
    expect(whatIsWrong("pull --sideways")).toContain("no --sideways");
    expect(whatIsWrong("snapshot export|import")).toBeUndefined();
  });
});
