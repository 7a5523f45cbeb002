import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { makeTestDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";

/** What each example prints, line by line. */
const printed: Readonly<Record<string, readonly string[]>> = {
  "keep-records.ts": [
    "Saved: Patient/ada, version 1",
    "Saved: Patient/ada, version 2",
    "Refused: 422",
    "Found: 1",
    "First version has a gender: false",
  ],
  "follow-a-feed.ts": [
    "Tested: blood, sputum; one is tried again later.",
    "Tested: blood, sputum, urine; one is tried again later.",
  ],
  "your-own-ends.ts": [
    "The line broke off.",
    "2 read: amoxicillin 120, paracetamol 25",
    "4 read: amoxicillin 120, paracetamol 25, zinc 35",
  ],
};

it.for(
  Object.keys(printed).flatMap((file) => (["sqlite", "postgres"] as const).map((dialect) => [file, dialect] as const)),
)("%s prints what it should (%s)", async ([file, dialect]) => {
  await using place = await makeTestDatabase(dialect);
  const path = fileURLToPath(new URL(file, import.meta.url));
  const example = spawn(process.execPath, [path, place.address], { stdio: ["ignore", "pipe", "pipe"] });

  const [out, err, [code]] = await Promise.all([text(example.stdout), text(example.stderr), once(example, "exit")]);

  expect(err).toBe("");
  expect(out.trimEnd().split("\n")).toEqual(printed[file]);
  expect(code).toBe(0);
});
