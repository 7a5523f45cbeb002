import { describe, expect, it } from "vitest";
import { withPart } from "./record-run.ts";

const text =
  "# Page\n\n<!-- a: written by its command -->\nold\n<!-- end of a -->\n\n<!-- b: written by its command -->\nkept\n<!-- end of b -->\n";

describe("what a long run came to", () => {
  it("takes the place of what its part of the page said, and of nothing else", () => {
    const written = withPart(text, "a", "new");

    expect(written).toContain("<!-- a: written by its command -->\n\nnew\n\n<!-- end of a -->");
    expect(written).toContain("\nkept\n");
    expect(written).not.toContain("old");
    expect(withPart(written, "a", "new")).toBe(written);
  });

  it("is refused where the page has no such part", () => {
    expect(() => withPart(text, "c", "new")).toThrow("no part c");
  });
});
