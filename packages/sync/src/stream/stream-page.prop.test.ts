import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { streamPageEntries } from "../line/protocol.ts";
import type { StreamEntry } from "./stream-entry.ts";
import { pageOf, parseStreamPage, type StreamPage, writeStreamPage } from "./stream-page.ts";

const anId = fc.stringMatching(/^[A-Za-z0-9.-]{1,64}$/);
const textOrNull = fc.option(fc.string({ maxLength: 40 }), { nil: null });

const aPage: fc.Arbitrary<StreamPage> = fc
  .record({
    page: fc.integer({ min: 1, max: 1_000_000 }),
    read: fc.integer({ min: 0, max: 400 }),
    changes: fc.array(
      fc.record({
        type: fc.constantFrom("Patient", "Encounter", "SomethingNewer"),
        id: anId,
        version: fc.integer({ min: 1, max: 1_000_000 }),
        isDeleted: fc.boolean(),
        bodyDigest: fc.string({ maxLength: 22 }),
        originNode: textOrNull,
        originOperation: textOrNull,
        orderKey: textOrNull,
        transaction: textOrNull,
      }),
      { maxLength: 20 },
    ),
  })
  .map(({ page, read, changes }) => {
    const from = (page - 1) * streamPageEntries + 1 + read;
    const entries: StreamEntry[] = changes.map((change, at) => ({ ...change, position: from + at }));
    const head = from + entries.length - 1;
    return { stream: "everything", epoch: "e1", page, isSealed: false, head, from, before: "d", entries };
  });

describe("a page of a stream", () => {
  it("[S1] reads back as it was written", () => {
    fc.assert(
      fc.property(aPage, (page) => {
        expect(parseStreamPage(writeStreamPage(page))).toEqual(page);
      }),
    );
  });

  it("[S2] is refused when it is cut anywhere", () => {
    fc.assert(
      fc.property(aPage, fc.double({ min: 0, max: 0.999, noNaN: true }), (page, share) => {
        const text = writeStreamPage(page);
        expect(() => parseStreamPage(text.slice(0, Math.floor(text.length * share)))).toThrow("no page of a stream");
      }),
    );
  });

  it("[S1] every position stands on exactly one page, in order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (position) => {
        const { page, first } = pageOf(position);
        expect(first).toBeLessThanOrEqual(position);
        expect(position - first).toBeLessThan(streamPageEntries);
        expect(first).toBe((page - 1) * streamPageEntries + 1);
      }),
    );
  });

  it.each([
    ["a portal's page", "<html><body>Please log in</body></html>"],
    ["another JSON", '{"resourceType":"Bundle"}'],
    ["an array", "[]"],
    ["nothing", ""],
    [
      "entries past the head",
      '{"stream":"s","epoch":"e","page":1,"isSealed":false,"head":0,"from":1,"before":null,"entries":[["Patient","1",1,"",null,null,null,null]]}',
    ],
    [
      "a page whose last entry is missing",
      '{"stream":"s","epoch":"e","page":1,"isSealed":false,"head":2,"from":1,"before":null,"entries":[["Patient","1",1,"",null,null,null,null]]}',
    ],
    [
      "a sealed page that is not full",
      '{"stream":"s","epoch":"e","page":1,"isSealed":true,"head":1,"from":1,"before":null,"entries":[["Patient","1",1,"",null,null,null,null]]}',
    ],
    [
      "an id with a path in it",
      '{"stream":"s","epoch":"e","page":1,"isSealed":false,"head":1,"from":1,"before":null,"entries":[["Patient","../1",1,"",null,null,null,null]]}',
    ],
    [
      "version 0",
      '{"stream":"s","epoch":"e","page":1,"isSealed":false,"head":1,"from":1,"before":null,"entries":[["Patient","1",0,"",null,null,null,null]]}',
    ],
  ])("[S2] is refused when it is %s", (_, text) => {
    expect(() => parseStreamPage(text)).toThrow("no page of a stream");
  });
});
