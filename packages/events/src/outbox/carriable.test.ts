import { expect, it } from "vitest";
import { anEventDraft } from "../../testing/index.ts";
import { requireCarriable } from "./carriable.ts";
import type { EventDraft } from "./event-draft.ts";

const refused: readonly (readonly [string, Partial<EventDraft>])[] = [
  ["the end of its section in the content", { content: "a ]]> b" }],
  ["a control character in the content", { content: "a\u0000b" }],
  ["a vertical tab in the title", { title: "a\u000bb" }],
  ["a non-character in the category", { category: "a\uffff" }],
  ["a lone high surrogate in the content", { content: "a\ud83d" }],
  ["a lone low surrogate in the title", { title: "\ude00a" }],
  ["a lone surrogate in a tag", { tags: ["\ud83d"] }],
  ["a comma in a tag", { tags: ["ward 3, bed 4"] }],
  ["a comma in the category", { category: "bed,ward" }],
  ["a blank category", { category: " " }],
  ["a blank tag", { tags: [""] }],
  ["a title that readers have no room for", { title: "a".repeat(256) }],
  ["content that leaves no room on a page", { content: "a".repeat(262_145) }],
  ["white space in the name of a stream", { streams: ["two words"] }],
  ["an order key that no index can hold", { orderKey: "k".repeat(601) }],
  ["a control character in an identifier", { entity: { type: "Patient", id: "\u0001" } }],
];

it.for(refused)("[E23] %s is refused when the event is raised", ([, said]) => {
  expect(() => requireCarriable(anEventDraft(said))).toThrow(
    expect.objectContaining({ code: "CONTENT_NOT_CARRIABLE", retryable: false }),
  );
});

it("[E23] the refusal does not repeat the text, which may be personal", () => {
  expect(() => requireCarriable(anEventDraft({ content: "Amina Yusuf ]]>" }))).toThrow(/^(?!.*Amina)/);
});

it("[E23] every character of XML 1.0 is carried, line ends as line feeds", () => {
  const content = "tab\t, line\nfeed, windows\r\n, old mac\r, ä € 😀, ]] > & < \u0085 \ud7ff \ue000 \ufffd \u{10ffff}";

  expect(requireCarriable(anEventDraft({ content })).content).toBe(content.replace("\r\n", "\n").replace("\r", "\n"));
});

it("[E21] tags are the category, then the further tags with their white space made single", () => {
  expect(requireCarriable(anEventDraft({ category: "Encounter" })).tags).toBe("Encounter");
  expect(requireCarriable(anEventDraft({ category: "Encounter", tags: [" a \n b ", "c"] })).tags).toBe(
    "Encounter,a b,c",
  );
});
