import { formatAtomDate } from "./atom-date.ts";
import type { AtomContent, AtomEntry, AtomFeed } from "./atom-feed.ts";
import { eventAttributes, feedHistoryNamespace, tributaryNamespace } from "./tributary-extension.ts";
import { escapeAttribute, escapeText, fitsCdata, replaceIllegal } from "./xml-text.ts";

/**
 * Writes a page byte for byte in the shape that the deployed atomfeed servers give it: CRLF, two spaces, a space before
 * `/>`, and content in one CDATA section with nothing around it.
 *
 * Content that a CDATA section cannot carry is escaped instead, and characters that XML cannot carry become U+FFFD:
 * whatever an old row holds, the page is well-formed. Dates lose their fraction of a second.
 */
export function writeAtomFeed(feed: AtomFeed): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', rootTag(feed)];
  if (feed.title !== undefined) lines.push(`  ${element("title", feed.title)}`);
  for (const { rel, type, href } of feed.links) {
    lines.push(`  <link${attributes(["rel", rel], ["type", type], ["href", href])} />`);
  }
  if (feed.author !== undefined) lines.push("  <author>", `    ${element("name", feed.author)}`, "  </author>");
  if (feed.id !== undefined) lines.push(`  ${element("id", feed.id)}`);
  if (feed.generator) {
    const { uri, name } = feed.generator;
    lines.push(`  <generator${attributes(["uri", uri])}>${escapeText(name)}</generator>`);
  }
  if (feed.updated !== undefined) lines.push(`  <updated>${formatAtomDate(feed.updated)}</updated>`);
  if (feed.isArchive) lines.push("  <fh:archive />");
  if (feed.log) lines.push(`  <trib:log${attributes(["id", feed.log.id], ["epoch", feed.log.epoch])} />`);
  for (const entry of feed.entries) writeEntry(entry, lines);
  lines.push("</feed>", "", "");
  return lines.join("\r\n");
}

function rootTag(feed: AtomFeed): string {
  const hasOurs = feed.log !== undefined || feed.entries.some((entry) => entry.event !== undefined);
  return `<feed${attributes(
    ["xmlns", "http://www.w3.org/2005/Atom"],
    ["xmlns:fh", feed.isArchive ? feedHistoryNamespace : undefined],
    ["xmlns:trib", hasOurs ? tributaryNamespace : undefined],
  )}>`;
}

function writeEntry(entry: AtomEntry, lines: string[]): void {
  lines.push("  <entry>");
  if (entry.title !== undefined) lines.push(`    ${element("title", entry.title)}`);
  for (const term of entry.categories) lines.push(`    <category${attributes(["term", term])} />`);
  if (entry.id !== undefined) lines.push(`    ${element("id", entry.id)}`);
  if (entry.updated !== undefined) lines.push(`    <updated>${formatAtomDate(entry.updated)}</updated>`);
  if (entry.published !== undefined) lines.push(`    <published>${formatAtomDate(entry.published)}</published>`);
  if (entry.content) lines.push(`    ${contentElement(entry.content)}`);
  if (entry.event) lines.push(`    <trib:event${attributes(...eventAttributes(entry.event))} />`);
  lines.push("  </entry>");
}

function contentElement({ type, text }: AtomContent): string {
  const open = `<content${attributes(["type", type])}`;
  if (text === "") return `${open} />`;
  const legal = replaceIllegal(text);
  return `${open}>${fitsCdata(legal) ? `<![CDATA[${legal}]]>` : escapeText(legal)}</content>`;
}

function element(name: string, text: string): string {
  return text === "" ? `<${name} />` : `<${name}>${escapeText(text)}</${name}>`;
}

function attributes(...pairs: readonly (readonly [name: string, value: string | undefined])[]): string {
  let written = "";
  for (const [name, value] of pairs) if (value !== undefined) written += ` ${name}="${escapeAttribute(value)}"`;
  return written;
}
