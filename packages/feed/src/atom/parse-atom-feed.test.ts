import { isErrorCode } from "@tributary/kernel";
import { describe, expect, it } from "vitest";
import { parseAtomDate } from "./atom-date.ts";
import { parseAtomFeed } from "./parse-atom-feed.ts";

const atom = 'xmlns="http://www.w3.org/2005/Atom"';
const declaration = '<?xml version="1.0" encoding="UTF-8"?>';

describe("hostile and broken pages", () => {
  it.each([
    ["a document type", `<!DOCTYPE feed><feed ${atom}/>`],
    ["an internal entity", `<!DOCTYPE feed [<!ENTITY a "b">]><feed ${atom}><title>&a;</title></feed>`],
    [
      "an external entity",
      `<!DOCTYPE feed [<!ENTITY a SYSTEM "file:///etc/passwd">]><feed ${atom}><title>&a;</title></feed>`,
    ],
    [
      "entities that multiply",
      `<!DOCTYPE feed [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><feed ${atom}><title>&b;</title></feed>`,
    ],
    ["an unknown entity", `<feed ${atom}><title>&nbsp;</title></feed>`],
    ["an entity named like a property", `<feed ${atom}><title>&constructor;&__proto__;</title></feed>`],
    ["a bare ampersand", `<feed ${atom}><title>a & b</title></feed>`],
    ["a control character", `<feed ${atom}><title>a\u0001b</title></feed>`],
    ["a reference to a control character", `<feed ${atom}><title>&#1;</title></feed>`],
    ["a reference to half a character", `<feed ${atom}><title>&#xD800;</title></feed>`],
    ["mismatched tags", `<feed ${atom}><title></id></feed>`],
    ["an unbound prefix", `<feed ${atom}><x:y/></feed>`],
    ["an attribute twice", `<feed ${atom}><link rel="a" rel="b"/></feed>`],
    ["text after the end", `<feed ${atom}/>more`],
    ["two roots", `<feed ${atom}/><feed ${atom}/>`],
    ["nothing", ""],
    ["white space", " \r\n "],
    ["another root", `<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>`],
    ["a portal's page", `<!DOCTYPE html><html><head><meta charset=utf-8><title>Log in</title></head></html>`],
    ["no namespace", "<feed><title>x</title></feed>"],
    ["JSON", '{"feed": []}'],
  ])("[F5] %s is refused as FEED_UNREADABLE", (_, page) => {
    expect(codeOf(() => parseAtomFeed(declaration + page))).toBe("FEED_UNREADABLE");
  });

  it("[F5] the refusal says where, and nothing of what stands there", () => {
    const page = `<feed ${atom}>\n<title>Jane Doe</titel></feed>`;

    expect(() => parseAtomFeed(page)).toThrow(/at line 2, column \d+\. Nothing was taken/);
    expect(() => parseAtomFeed(page)).not.toThrow(/Jane|titel/);
  });

  it.each([
    ["longer", { charactersMax: 100 }],
    ["more entries", { entriesMax: 2 }],
    ["deeper", { depthMax: 2 }],
    ["more attributes on one element", { attributesMax: 1 }],
    ["a longer attribute", { attributeCharactersMax: 5 }],
  ])("[F6] a page with %s than its limit is refused", (_, limits) => {
    const page = `<feed ${atom}>${'<entry><link rel="abcdef" href="x"/></entry>'.repeat(3)}</feed>`;

    expect(parseAtomFeed(page).entries).toHaveLength(3);
    expect(codeOf(() => parseAtomFeed(page, { limits }))).toBe("FEED_UNREADABLE");
  });

  it("[F6] a million open tags end at the depth limit, not at the stack's", () => {
    expect(() => parseAtomFeed(`<feed ${atom}>${"<x>".repeat(1_000_000)}`)).toThrow("nests deeper");
  });
});

describe("dates", () => {
  it.each([
    ["2026-11-20T23:21:01Z", "2026-11-20T23:21:01.000Z"],
    ["2026-11-20T23:21:01.5Z", "2026-11-20T23:21:01.500Z"],
    ["2026-11-20T23:21:01.123456Z", "2026-11-20T23:21:01.123Z"],
    ["2026-11-20T23:21:01.123+05:30", "2026-11-20T17:51:01.123Z"],
    ["2026-11-20t23:21:01-03:00", "2026-11-21T02:21:01.000Z"],
    ["2026-11-20T23:21Z", "2026-11-20T23:21:00.000Z"],
    ["2026-11-20T23:21:01", "2026-11-20T23:21:01.000Z"],
  ])("[F2] %s is %s", (text, moment) => {
    expect(parseAtomDate(text)).toBe(Date.parse(moment));
  });

  it.each(["", "yesterday", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-20", "2026-11-20T25:00:00Z"])(
    "[F2] '%s' is no date",
    (text) => {
      expect(parseAtomDate(text)).toBeUndefined();
    },
  );
});

function codeOf(work: () => unknown): string {
  try {
    work();
    return "no error";
  } catch (error) {
    return isErrorCode(error, "FEED_UNREADABLE") && error.retryable ? error.code : String(error);
  }
}
