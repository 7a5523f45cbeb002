import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AtomFeed } from "./atom-feed.ts";
import { parseAtomFeed } from "./parse-atom-feed.ts";
import type { EventExtension } from "./tributary-extension.ts";
import { writeAtomFeed } from "./write-atom-feed.ts";
import { replaceIllegal } from "./xml-text.ts";

/** Any text, with what is special to XML made frequent. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "<",
      "&",
      "]]>",
      "<![CDATA[",
      "\r",
      "\n",
      "\t",
      '"',
      "'",
      " ",
      "&amp;",
      "\u0000",
      "\uFFFF",
      "\uD800",
    ),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 40,
});
const legalText = anyText.map(replaceIllegal);
const identifier = fc.uuid().map((uuid) => `tag:atomfeed.ict4h.org:${uuid}`);
const seconds = fc.integer({ min: 0, max: 4_102_444_800 }).map((second) => second * 1000);
const orAbsent = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const address = fc.webUrl({ withQueryParameters: true });
const count = fc.nat();

const anEvent = fc.record(
  {
    position: count,
    logPosition: count,
    eventType: legalText,
    entityType: legalText,
    entityId: legalText,
    version: count,
    operation: legalText,
    bodyHash: legalText,
    originNode: legalText,
    originOperation: legalText,
    orderKey: legalText,
    orderSequence: count,
    raisedAt: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    transactionId: legalText,
    transactionIndex: count,
    transactionSize: count,
  },
  { requiredKeys: [] },
) satisfies fc.Arbitrary<EventExtension>;

const aFeed: fc.Arbitrary<AtomFeed> = fc.record({
  title: orAbsent(legalText),
  links: fc.array(
    fc.record({ rel: fc.constantFrom("self", "via", "next-archive"), type: orAbsent(legalText), href: address }),
    { maxLength: 4 },
  ),
  author: orAbsent(legalText),
  id: orAbsent(identifier),
  generator: orAbsent(fc.record({ uri: orAbsent(legalText), name: legalText })),
  updated: orAbsent(seconds),
  isArchive: fc.boolean(),
  log: orAbsent(fc.record({ id: legalText, epoch: legalText })),
  entries: fc.array(
    fc.record({
      title: orAbsent(legalText),
      categories: fc.array(legalText, { maxLength: 3 }),
      id: orAbsent(identifier),
      updated: orAbsent(seconds),
      published: orAbsent(seconds),
      content: orAbsent(fc.record({ type: orAbsent(legalText), text: legalText })),
      event: orAbsent(anEvent),
    }),
    { maxLength: 5 },
  ),
});

describe("the codec", () => {
  it("[F3] reads back exactly what it wrote: parse(write(feed)) = feed", () => {
    fc.assert(
      fc.property(aFeed, (feed) => {
        expect(parseAtomFeed(writeAtomFeed(feed))).toEqual(feed);
      }),
      { numRuns: 400 },
    );
  });

  it("[F4] writes a well-formed page whatever an old row holds", () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (title, term, text) => {
        const entry = { title, categories: [term], content: { type: "text", text } };

        const read = parseAtomFeed(writeAtomFeed({ ...emptyFeed, entries: [{ ...emptyEntry, ...entry }] }));

        expect(read.entries[0]).toMatchObject({
          title: replaceIllegal(title),
          categories: [replaceIllegal(term)],
          content: { text: replaceIllegal(text) },
        });
      }),
      { numRuns: 400 },
    );
  });

  it("[F5] refuses every page that is cut short", () => {
    const page = writeAtomFeed(fc.sample(aFeed, { numRuns: 1, seed: 7 })[0]!).trimEnd();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: page.length - 1 }), (length) => {
        expect(() => parseAtomFeed(page.slice(0, length))).toThrow("cannot be read");
      }),
    );
  });

  it("[F5] answers any bytes with a feed or a refusal", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => parseAtomFeed(bytes)).toThrow("cannot be read");
      }),
    );
  });
});

const emptyFeed: AtomFeed = {
  title: undefined,
  links: [],
  author: undefined,
  id: undefined,
  generator: undefined,
  updated: undefined,
  isArchive: false,
  log: undefined,
  entries: [],
};
const emptyEntry = {
  title: undefined,
  categories: [],
  id: undefined,
  updated: undefined,
  published: undefined,
  content: undefined,
  event: undefined,
};
