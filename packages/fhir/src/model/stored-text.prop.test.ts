import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "./json-value.ts";
import { toReadText, toStoredResource, toStoredText } from "./stored-text.ts";

const space = fc.stringMatching(/^[ \n\t\r]{0,3}$/);
const number = fc.constantFrom("1.00", "-0.0", "1e3", "12345678901234567890.10", "0", "3.140", "1E-2");
const text = fc.string({ unit: "grapheme" }).map((value) => JSON.stringify(value));
const leaf = fc.oneof(number, text, fc.constantFrom("true", "null", '"\\u0041\\/\\""', '"{[,:"', "{}", "[ ]"));

/** Members that are no business of the server, each with its own white space. */
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.tuple(space, fc.array(tie("value"), { maxLength: 3 })).map(([gap, items]) => `[${gap}${items.join(`,${gap}`)}]`),
    membersOf(tie("value")).map((members) => `{${members}}`),
  ),
}));

function membersOf(values: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const member = fc.tuple(fc.stringMatching(/^x[a-z]{1,6}$/), values, space);
  return fc
    .uniqueArray(member, { selector: ([name]) => name, maxLength: 4 })
    .map((members) => members.map(([name, written, gap]) => `${gap}"${name}"${gap}:${gap}${written}${gap}`).join(","));
}

/** The texts of a `meta` as clients send it, the server's own members included. */
const sentMeta = fc.tuple(
  fc.subarray(['"versionId":"7"', '"lastUpdated":"2020"', '"source":"a"', '"xx":[1.0]']),
  space,
);

/** A resource's text, with id and meta at any place or absent. */
const sent = fc
  .tuple(
    membersOf(value),
    membersOf(value.map((one) => one)),
    fc.option(space),
    fc.option(sentMeta),
    space,
    fc.boolean(),
  )
  .map(([before, after, id, meta, gap, isLast]) => {
    const own = [
      ...(id === null ? [] : [`"id"${id}:${id}"old"`]),
      ...(meta === null ? [] : [`"meta":${meta[1]}{${meta[1]}${meta[0].join(`${meta[1]},${meta[1]}`)}}`]),
    ];
    const a = before.replaceAll('"x', '"xa');
    const b = after.replaceAll('"x', '"xb');
    const parts = [`"resourceType":${gap}"Basic"`, a, ...(isLast ? [b, ...own] : [...own, b])];
    return `{${gap}${parts.filter((part) => part.trim() !== "").join(`,${gap}`)}${gap}}`;
  });

describe("the stored text of a resource", () => {
  it("says what was sent, but for id and the server's meta, and so does the text that is read", () => {
    fc.assert(
      fc.property(sent, (received) => {
        const parsed = JSON.parse(received) as JsonObject;

        const stored = toStoredText(received, parsed, "new");
        const read = toReadText(stored, { version: 12, lastUpdated: 0 });

        const expected = toStoredResource(JSON.parse(received) as JsonObject, "new");
        expect(JSON.parse(stored)).toEqual(expected);
        const { meta, ...rest } = JSON.parse(read) as JsonObject;
        const { meta: ownMeta, ...ownRest } = expected;
        expect(rest).toEqual(ownRest);
        expect(meta).toEqual({ versionId: "12", lastUpdated: "1970-01-01T00:00:00.000Z", ...(ownMeta as object) });
      }),
      { numRuns: 500 },
    );
  });

  it("is what a client gets stored that sends back what it has read", () => {
    fc.assert(
      fc.property(sent, (received) => {
        const stored = toStoredText(received, JSON.parse(received) as JsonObject, "same");
        const read = toReadText(stored, { version: 3, lastUpdated: 1_700_000_000_000 });

        expect(toStoredText(read, JSON.parse(read) as JsonObject, "same")).toBe(stored);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps every byte of a resource that has its id and no server meta", () => {
    fc.assert(
      fc.property(membersOf(value), space, (members, gap) => {
        const tail = members === "" ? "" : `,${members}`;
        const received = `{${gap}"resourceType":"Basic",${gap}"id":"same"${tail}}`;

        expect(toStoredText(received, JSON.parse(received) as JsonObject, "same")).toBe(received);
      }),
    );
  });
});
