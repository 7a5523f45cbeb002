import { describe, expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const now = Date.parse("2035-01-01T00:00:00Z");

describe("a pause that a parent asks for", () => {
  it.each([
    ["seconds", { "retry-after": "120" }, 120_000],
    [
      "a date, against the answer's own clock",
      { "retry-after": "Sat, 21 Nov 2026 10:05:00 GMT", date: "Sat, 21 Nov 2026 10:00:00 GMT" },
      300_000,
    ],
    ["a date against one's own clock", { "retry-after": "Mon, 01 Jan 2035 00:00:30 GMT" }, 30_000],
    ["a date that is over", { "retry-after": "Sat, 21 Nov 2026 10:05:00 GMT" }, 0],
    ["days, which are cut to an hour", { "retry-after": "999999" }, 3_600_000],
    ["nothing", {}, undefined],
    ["nonsense", { "retry-after": "soon" }, undefined],
  ])("[S55] is read from %s", (_, headers, expected) => {
    expect(retryAfterMs(headers, now)).toBe(expected);
  });
});
