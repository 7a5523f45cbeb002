import { describe, expect, it } from "vitest";
import { entityTag, namesTag } from "./entity-tag.ts";

describe("If-None-Match", () => {
  it.each(['"a"', 'W/"a"', '"x", W/"a", "y"', "*", ' "a" ', '"a,b", "a"'])("[F15] %s names the tag", (header) => {
    expect(namesTag(header, '"a"')).toBe(true);
  });

  it.each([undefined, "", '"b"', "a", '"A"', '"a,b"', 'W/"b","c"', '"unclosed'])("[F15] %s does not", (header) => {
    expect(namesTag(header, '"a"')).toBe(false);
  });

  it("[F15] a tag tells its parts apart", () => {
    expect(entityTag("a", "b")).not.toBe(entityTag("ab", ""));
    expect(entityTag(1)).not.toBe(entityTag("1"));
  });
});
