import { expect, it } from "vitest";
import { findImportRings } from "./import-rings.ts";

const file = (path: string, ...specifiers: string[]) => ({
  path,
  text: specifiers.map((specifier) => `import type { X } from "${specifier}";\n`).join(""),
});

it("finds files that import each other, however far round", () => {
  const files = [file("a/one.ts", "./two.ts"), file("a/two.ts", "../b/three.ts"), file("b/three.ts", "../a/one.ts")];

  expect(findImportRings([...files, file("a/four.ts", "./one.ts")])).toEqual([["a/one.ts", "a/two.ts", "b/three.ts"]]);
});

it("tells rings apart that have nothing to do with each other", () => {
  const files = [
    file("a.ts", "./b.ts"),
    file("b.ts", "./a.ts", "./c.ts"),
    file("c.ts", "./d.ts"),
    file("d.ts", "./c.ts"),
  ];

  expect(findImportRings(files)).toEqual([
    ["c.ts", "d.ts"],
    ["a.ts", "b.ts"],
  ]);
});

it("finds none where two ways lead to one file, and where an import is made when it is needed", () => {
  const late = { path: "d.ts", text: 'const load = () => import("./a.ts");\n' };

  expect(
    findImportRings([file("a.ts", "./b.ts", "./c.ts"), file("b.ts", "./d.ts"), file("c.ts", "./d.ts"), late]),
  ).toEqual([]);
});
