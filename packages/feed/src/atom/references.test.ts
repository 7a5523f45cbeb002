import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AtomFeed } from "./atom-feed.ts";
import { parseAtomFeed } from "./parse-atom-feed.ts";
import { writeAtomFeed } from "./write-atom-feed.ts";

const folder = new URL("../../references/", import.meta.url);
const names = readdirSync(folder).flatMap((file) => (file.endsWith(".xml") ? [file.slice(0, -4)] : []));
/** Documents in the publishers' own layout, which the writer must reproduce to the byte. */
const canonical = names.filter((name) => /^(openmrs|openelis|commcare|tributary)-/.test(name));

describe("golden documents", () => {
  it.each(names)("[F2] %s is read as its JSON says", (name) => {
    const { url, contentType, feed } = referenceOf(name);

    const parsed = parseAtomFeed(readFileSync(new URL(`${name}.xml`, folder)), { url, contentType });

    expect(JSON.parse(JSON.stringify(parsed))).toEqual(feed);
  });

  it.each(canonical)("[F1] %s is written to the byte from its JSON", (name) => {
    const written = writeAtomFeed(referenceOf(name).feed);

    expect(written).toBe(readFileSync(new URL(`${name}.xml`, folder), "utf8"));
  });
});

function referenceOf(name: string): { url: string; contentType: string; feed: AtomFeed } {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
}
