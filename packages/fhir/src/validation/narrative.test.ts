import { describe, expect, it } from "vitest";
import { findInNarrative } from "./narrative.ts";

const div = (content: string) => `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`;

describe("a narrative", () => {
  it("is one div with content", () => {
    const accepted = [
      div("text"),
      div('<p class="a">Based on = <a href="#x">this</a></p>'),
      div('<img src="image.png" alt=""/>'),
      "<div>text</div>",
      `\n  ${div("text")}\n`,
      div("one &lt;script&gt; as text"),
    ];

    expect(accepted.map(findInNarrative)).toEqual(accepted.map(() => undefined));
  });

  it("is refused when it is anything else than a div", () => {
    for (const text of ["text", "<p>text</p>", "<div>text", "<divan>text</div>", "", "text <div>a</div>"]) {
      expect(findInNarrative(text)).toContain("div");
    }
  });

  it("is refused when there is nothing to read in it", () => {
    for (const text of [div(""), div(" \n "), div("<p></p><br/>")]) expect(findInNarrative(text)).toContain("content");
  });

  it("is refused when it could run something in a browser", () => {
    const active = [
      div("<script>alert(1)</script>"),
      div("<SCRIPT src='x'/>"),
      div("<iframe src='x'></iframe>"),
      div("<form action='x'>a</form>"),
      div("<object data='x'>a</object>"),
      div('<p onclick="x()">a</p>'),
      div("<p\nonclick = 'x()'>a</p>"),
      div('<img src="a"onerror="x()"/>'),
      div('<a href="javascript:x()">a</a>'),
      div("<a href=' JavaScript:x()'>a</a>"),
      '<div onmouseover="x()">a</div>',
    ];

    for (const text of active) expect(findInNarrative(text), text).toBeDefined();
  });

  it("takes no longer than its length asks for, however it is built", () => {
    const hostile = ["<", "< on", "<a ", "<a onx ", " on", '<a href="'].map((part) =>
      div(part.repeat(Math.floor(1_000_000 / part.length))),
    );
    const started = performance.now();

    for (const text of hostile) findInNarrative(text);

    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
