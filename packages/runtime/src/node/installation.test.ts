import { copyFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@tributary/database";
import { describeOnEachDatabase, makeTestDatabase } from "@tributary/database/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { filePlace, installationOf } from "./installation.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-installation-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const linux = (run: string) => async (path: string) => (path.endsWith("boot_id") ? `${run}\n` : "one machine\n");
const elsewhere = async (): Promise<string> => {
  throw new Error("there is no such file");
};

it("[S153] names a file the same whatever is written to it, on a file system that knows no time of birth too", async () => {
  const file = join(folder, "node.db");
  writeFileSync(file, "first");
  const before = await filePlace(file, linux("a"));
  writeFileSync(file, "second");
  utimesSync(file, 1, 1);

  expect(await filePlace(file, linux("a"))).toBe(before);
  expect(before).not.toMatch(/\d{13}/);
});

it("[S153] names a copy of a file, and a copy of the whole machine, otherwise", async () => {
  const [file, copy] = [join(folder, "node.db"), join(folder, "copy.db")];
  writeFileSync(file, "first");
  copyFileSync(file, copy);
  const names = [
    await filePlace(file, linux("a")),
    await filePlace(copy, linux("a")),
    await filePlace(file, linux("b")),
  ];

  expect(new Set(names).size).toBe(3);
});

it("[S153] names a file where the system has no name for its runs", async () => {
  const [file, copy] = [join(folder, "node.db"), join(folder, "copy.db")];
  writeFileSync(file, "first");
  copyFileSync(file, copy);

  expect(await filePlace(file, elsewhere)).toBe(await filePlace(file, elsewhere));
  expect(await filePlace(file, elsewhere)).not.toBe(await filePlace(copy, elsewhere));
});

describeOnEachDatabase("the name of an installation", (_, dialect) => {
  it("[S153] is the same for all programs over one database, and another for each database", async () => {
    await using one = await makeTestDatabase(dialect);
    await using other = await makeTestDatabase(dialect);
    const nameOf = async (address: string) => {
      await using database = await openDatabase({ address });
      return installationOf(address, database);
    };

    const names = [await nameOf(one.address), await nameOf(one.address), await nameOf(other.address)];

    expect(names[0]).toBe(names[1]);
    expect(names[2]).not.toBe(names[0]);
  });
});
