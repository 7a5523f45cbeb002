import type { Brand } from "@tributary/kernel";

/** Names one feed: one gapless sequence of positions over some of the event records. */
export type FeedName = Brand<string, "FeedName">;

/** The feed of every event record. Its positions are the records' own, so it needs no rows of its own. */
export const allFeed = "all" as FeedName;

/**
 * The feed of a category. The letters A to Z match in either case; other letters only match themselves, which is the
 * one rule that both databases keep whatever their locale.
 */
export function categoryFeed(category: string): FeedName {
  return `category:${lowerLatin(category)}` as FeedName;
}

/** The feed of a named stream, to which an event belongs besides its category. */
export function streamFeed(stream: string): FeedName {
  return `stream:${stream}` as FeedName;
}

function lowerLatin(text: string): string {
  if (latinOnly.test(text)) return text.toLowerCase();
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const latinOnly = /^[ -~]*$/;
