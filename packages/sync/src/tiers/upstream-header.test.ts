import { describe, expect, it } from "vitest";
import { parseUpstreamHeader, writeUpstreamHeader } from "./upstream-header.ts";

describe("the header that tells how far up a child's operations have come", () => {
  it("[S88] reads back as it was written, the nearest tier first", () => {
    const reached = [
      { tier: "region", distance: 1, incarnation: "0c9f2e", counter: 118 },
      { tier: "root.1", distance: 2, incarnation: "0c9f2e", counter: 90 },
    ];

    expect(parseUpstreamHeader(writeUpstreamHeader(reached))).toEqual(reached);
  });

  it.each([undefined, "", "root", "root=1", "../x=abc:1", "root=abc:-1", "root=abc:99999999999999999"])(
    "[S88] tells nothing when it is %j",
    (text) => {
      expect(parseUpstreamHeader(text)).toEqual([]);
    },
  );
});
