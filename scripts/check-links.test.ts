import { describe, expect, it } from "vitest";
import { findBrokenLinks } from "./check-links.ts";

const there = ["docs/guide.md", "docs/picture.png", "packages/sync"];
const surroundings = {
  exists: (path: string) => there.includes(path),
  scripts: new Set(["demo"]),
  doorOf: (name: string) => (name === "@tributary/sync" ? 'export { pull, type Report } from "./a.ts";' : undefined),
};
const guide = { path: "docs/guide.md", text: "# A guide\n\n## Who may `ask`?\n\n## Twice\n\n## Twice\n" };

describe("a document", () => {
  it.each([
    ["a file beside it", "[a](docs/guide.md)", []],
    ["a picture", "![a](docs/picture.png)", []],
    ["another site", "[a](https://example.org/nowhere.md)", []],
    ["a heading elsewhere", "[a](docs/guide.md#who-may-ask)", []],
    ["a heading of its own", "[a](#here)\n\n## Here", []],
    ["the second heading of one name", "[a](docs/guide.md#twice-1)", []],
    ["a link in code", "`[a](nowhere.md)`\n\n```\n[a](nowhere.md)\n```\n", []],
    ["a path and a script", "`packages/sync`, `npm run demo`, `npm run build --workspace b`", []],
    ["what a package gives", 'import { pull as p, type Report } from "@tributary/sync";', []],
    ["what it does not", 'import { pull, push } from "@tributary/sync";', ["imports push from @tributary/sync"]],
    ["a package that is none", 'import { pull } from "@tributary/no";', ["imports pull from @tributary/no"]],
    ["a file that is not there", "[a](docs/nowhere.md)", ["the link to docs/nowhere.md leads nowhere"]],
    ["a heading that is not there", "[a](docs/guide.md#nothing)", ["docs/guide.md#nothing leads nowhere"]],
    ["a heading in code", "[a](#b)\n\n```\n# b\n```\n", ["#b leads nowhere"]],
    ["a path that is not there", "`packages/nothing`", ["names packages/nothing"]],
    ["a script that is not there", "`npm run nothing`", ["names the script nothing"]],
  ])("may name %s, or is told what it may not", (_, text, told) => {
    const broken = findBrokenLinks([guide, { path: "README.md", text }], surroundings);

    expect(broken).toEqual(told.map((part) => expect.stringContaining(part)));
  });
});
