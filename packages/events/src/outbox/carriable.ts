import { TributaryError } from "@tributary/kernel";
import type { EventDraft } from "./event-draft.ts";

/** Readers keep titles and categories in columns of this length; a longer one would break their transaction. */
const labelLengthMax = 255;
/** Keys, identifiers and stream names are index entries, which PostgreSQL limits to about 2,700 bytes. */
const keyLengthMax = 600;
/** A page carries many entries, so that one of them must leave room for the others. */
const contentLengthMax = 262_144;
/** A record is listed once in each of its streams, inside the transaction that announces it. */
const streamsMax = 1_000;

/** Whatever is not a `Char` of XML 1.0 §2.2, lone surrogates included. */
const notXml = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** The parts of a draft that appear in a feed's page, in the form in which they are stored. */
export interface CarriableText {
  readonly title: string;
  readonly category: string;
  readonly content: string;
  /** The category and the further tags, separated by commas. */
  readonly tags: string;
}

/**
 * Makes sure that an event can never break a page: throws `CONTENT_NOT_CARRIABLE` when a part of the draft has
 * characters that XML 1.0 has no place for, `]]>` in its content, a comma in a tag, or is too long.
 *
 * Line ends of the content become line feeds, as every XML reader would make them (XML 1.0 §2.11); runs of white space
 * in tags become one space.
 */
export function requireCarriable(draft: EventDraft): CarriableText {
  const { title, category, content } = draft;
  requireText("title", title, labelLengthMax);
  requireText("content", content, contentLengthMax);
  if (content.includes("]]>")) refuse("content", "contains ]]>, which ends the section that carries it");
  const tags = draft.tags?.length ? [category, ...draft.tags].map(carriableTag).join(",") : carriableTag(category);
  requireText("uri", draft.uri, contentLengthMax);
  requireText("event type", draft.eventType, keyLengthMax);
  requireText("order key", draft.orderKey, keyLengthMax);
  requireText("entity type", draft.entity?.type, keyLengthMax);
  requireText("entity id", draft.entity?.id, keyLengthMax);
  requireText("operation", draft.operation, keyLengthMax);
  requireText("body hash", draft.bodyHash, keyLengthMax);
  requireText("origin node", draft.originNode, keyLengthMax);
  requireText("origin operation", draft.originOperation, keyLengthMax);
  requireText("uuid", draft.uuid, keyLengthMax);
  if (typeof draft.streams === "object") requireStreams(draft.streams);
  return { title, category, content: content.includes("\r") ? content.replace(/\r\n?/g, "\n") : content, tags };
}

function carriableTag(tag: string): string {
  requireText("category or tag", tag, labelLengthMax);
  if (tag.includes(",")) refuse("category or tag", "contains a comma, which separates tags");
  const trimmed = tag.replace(/\s+/g, " ").trim();
  if (trimmed === "") refuse("category or tag", "is blank");
  return trimmed;
}

/** Makes sure that an event can be listed in its streams; throws `CONTENT_NOT_CARRIABLE` otherwise. */
export function requireStreams(streams: readonly string[]): void {
  if (streams.length > streamsMax) refuse("stream list", `has more than ${streamsMax} names`);
  for (const stream of streams) {
    requireText("stream", stream, keyLengthMax);
    if (stream === "" || /\s/.test(stream))
      refuse("stream", "is empty or contains white space, which separates streams");
  }
}

function requireText(part: string, text: string | null | undefined, lengthMax: number): void {
  if (text === null || text === undefined) return;
  if (text.length > lengthMax) refuse(part, `is longer than ${lengthMax} characters`);
  if (notXml.test(text)) refuse(part, "has a character that XML 1.0 does not allow");
}

/** The text itself stays out of the message: it may be personal. */
function refuse(part: string, why: string): never {
  throw new TributaryError("CONTENT_NOT_CARRIABLE", `The event's ${part} ${why}. Encode it before it is announced.`);
}
