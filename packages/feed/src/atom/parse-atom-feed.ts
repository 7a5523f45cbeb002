import { TributaryError } from "@tributary/kernel";
import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from "saxes";
import { parseAtomDate } from "./atom-date.ts";
import type { AtomContent, AtomEntry, AtomFeed, AtomGenerator, AtomLink } from "./atom-feed.ts";
import { decodeXml } from "./decode-xml.ts";
import { TextCollector } from "./text-collector.ts";
import {
  type EventExtension,
  feedHistoryNamespace,
  type LogExtension,
  readEventAttributes,
  tributaryNamespace,
} from "./tributary-extension.ts";

/** What one page may cost its reader; a page beyond any of these is refused as a whole. */
export interface AtomLimits {
  /** A page of a thousand entries with 32 kB of content each; ordinary ones are a hundredth of that. */
  readonly charactersMax: number;
  readonly entriesMax: number;
  /** XHTML content nests; nothing else does. */
  readonly depthMax: number;
  readonly attributesMax: number;
  readonly attributeCharactersMax: number;
}

/** The limits of a page when nothing else is said: far above what any publisher writes. */
export const atomLimits: AtomLimits = {
  charactersMax: 32 * 1024 * 1024,
  entriesMax: 10_000,
  depthMax: 64,
  attributesMax: 64,
  attributeCharactersMax: 64 * 1024,
};

/** What is known of a page beside its text. */
export interface ParseAtomOptions {
  /** The address that the page came from; relative links are resolved against it. */
  readonly url?: string;
  /** The `Content-Type` that it came with. */
  readonly contentType?: string | null;
  readonly limits?: Partial<AtomLimits>;
}

/**
 * Reads one page of an Atom feed, whole or not at all: a page that is cut short, damaged, hostile or no feed throws
 * `FEED_UNREADABLE` (retryable). Its message carries places and counts only, nothing of the page.
 *
 * Namespaces decide, not prefixes. Content comes out the same whether it was escaped, in CDATA (with or without white
 * space around) or in elements. Document types and their entities are refused. See RFC 4287.
 */
export function parseAtomFeed(page: Uint8Array | string, options: ParseAtomOptions = {}): AtomFeed {
  const limits = { ...atomLimits, ...options.limits };
  if (page.length > limits.charactersMax) throw unreadable(`it is longer than ${limits.charactersMax} characters`);
  const text = typeof page === "string" ? page : decodeXml(page, options.contentType);
  const parser = new SaxesParser({ xmlns: true, forceXMLVersion: true, defaultXMLVersion: "1.0" });
  const builder = new FeedBuilder(limits, options.url);
  let attributes = 0;
  parser.on("error", () => {
    throw unreadable(`it is no well-formed XML at line ${parser.line}, column ${parser.column}`);
  });
  parser.on("doctype", () => {
    throw unreadable("it has a document type, which no feed needs");
  });
  parser.on("opentagstart", () => {
    attributes = 0;
    builder.enter();
  });
  parser.on("attribute", ({ value }) => {
    attributes += 1;
    if (attributes > limits.attributesMax) throw unreadable(`an element has over ${limits.attributesMax} attributes`);
    if (value.length > limits.attributeCharactersMax) throw unreadable("an attribute is too long");
  });
  parser.on("opentag", (tag) => builder.open(tag));
  parser.on("text", (characters) => builder.text(characters));
  parser.on("cdata", (characters) => builder.cdata(characters));
  parser.on("closetag", (tag) => builder.close(tag));
  parser.write(text.replace(/^[\uFEFF\s]+/, "")).close();
  return builder.finish();
}

const atomNamespace = "http://www.w3.org/2005/Atom";

type Mutable<Shape> = { -readonly [Member in keyof Shape]: Shape[Member] };

/** What the open element is to the feed; everything inside a `passed-over` element is passed over too. */
type Place = "document" | "feed" | "entry" | "author" | "value" | "passed-over";

/** Listens to the parser: a stack of places, the entry being read, and the element whose text is being gathered. */
class FeedBuilder {
  readonly #limits: AtomLimits;
  readonly #places: Place[] = ["document"];
  readonly #bases: (string | undefined)[];
  readonly #links: AtomLink[] = [];
  readonly #entries: AtomEntry[] = [];
  #feed: Mutable<AtomFeed> | undefined;
  #entry: (Mutable<AtomEntry> & { categories: string[] }) | undefined;
  #value: { readonly text: TextCollector; readonly done: (text: string) => void } | undefined;

  constructor(limits: AtomLimits, url: string | undefined) {
    this.#limits = limits;
    this.#bases = [url];
  }

  enter(): void {
    if (this.#places.length > this.#limits.depthMax) throw unreadable(`it nests deeper than ${this.#limits.depthMax}`);
  }

  open(tag: SaxesTagNS): void {
    const within = this.#places.at(-1)!;
    this.#bases.push(resolve(attributeOf(tag, "xml:base"), this.#bases.at(-1)) ?? this.#bases.at(-1));
    this.#places.push(this.#placeOf(tag, within));
  }

  text(characters: string): void {
    if (this.#places.at(-1) === "value") this.#value?.text.addText(characters);
  }

  cdata(characters: string): void {
    if (this.#places.at(-1) === "value") this.#value?.text.addCdata(characters);
  }

  close(tag: SaxesTagNS): void {
    const place = this.#places.pop();
    this.#bases.pop();
    if (place === "entry" && this.#entry) {
      this.#entries.push(this.#entry);
      this.#entry = undefined;
    }
    if (place !== "value" || !this.#value) return;
    if (this.#places.at(-1) === "value") {
      this.#value.text.closeElement(tag);
      return;
    }
    const { text, done } = this.#value;
    this.#value = undefined;
    done(text.result());
  }

  finish(): AtomFeed {
    if (!this.#feed) throw unreadable("it is no Atom feed");
    return this.#feed;
  }

  #placeOf(tag: SaxesTagNS, within: Place): Place {
    switch (within) {
      case "document":
        return this.#openRoot(tag);
      case "feed":
        return this.#openInFeed(tag);
      case "entry":
        return this.#openInEntry(tag);
      case "author":
        return isAtom(tag, "name") ? this.#gather((text) => this.#setFeed("author", text)) : "passed-over";
      case "value":
        this.#value?.text.openElement(tag);
        return "value";
      case "passed-over":
        return "passed-over";
    }
  }

  #openRoot(tag: SaxesTagNS): Place {
    if (!isAtom(tag, "feed")) throw unreadable("it is no Atom feed");
    this.#feed = {
      title: undefined,
      links: this.#links,
      author: undefined,
      id: undefined,
      generator: undefined,
      updated: undefined,
      isArchive: false,
      log: undefined,
      entries: this.#entries,
    };
    return "feed";
  }

  #openInFeed(tag: SaxesTagNS): Place {
    if (tag.uri === feedHistoryNamespace && tag.local === "archive") this.#setFeed("isArchive", true);
    if (tag.uri === tributaryNamespace && tag.local === "log") this.#setFeed("log", logOf(tag));
    if (tag.uri !== atomNamespace) return "passed-over";
    switch (tag.local) {
      case "entry":
        return this.#openEntry();
      case "author":
        return "author";
      case "link":
        this.#addLink(tag);
        return "passed-over";
      case "title":
        return this.#gather((text) => this.#setFeed("title", text));
      case "id":
        return this.#gather((text) => this.#setFeed("id", text.trim()));
      case "updated":
        return this.#gather((text) => this.#setFeed("updated", parseAtomDate(text)));
      case "generator": {
        const uri = attributeOf(tag, "uri");
        return this.#gather((name) => this.#setFeed("generator", { uri, name } satisfies AtomGenerator));
      }
      default:
        return "passed-over";
    }
  }

  #openEntry(): Place {
    if (this.#entries.length >= this.#limits.entriesMax)
      throw unreadable(`it has over ${this.#limits.entriesMax} entries`);
    this.#entry = {
      title: undefined,
      categories: [],
      id: undefined,
      updated: undefined,
      published: undefined,
      content: undefined,
      event: undefined,
    };
    return "entry";
  }

  #openInEntry(tag: SaxesTagNS): Place {
    if (tag.uri === tributaryNamespace && tag.local === "event") this.#setEntry("event", eventOf(tag));
    if (tag.uri !== atomNamespace) return "passed-over";
    switch (tag.local) {
      case "title":
        return this.#gather((text) => this.#setEntry("title", text));
      case "id":
        return this.#gather((text) => this.#setEntry("id", text.trim()));
      case "updated":
        return this.#gather((text) => this.#setEntry("updated", parseAtomDate(text)));
      case "published":
        return this.#gather((text) => this.#setEntry("published", parseAtomDate(text)));
      case "category": {
        const term = attributeOf(tag, "term");
        if (term !== undefined) this.#entry?.categories.push(term);
        return "passed-over";
      }
      case "content": {
        const type = attributeOf(tag, "type");
        return this.#gather((text) => this.#setEntry("content", { type, text } satisfies AtomContent));
      }
      default:
        return "passed-over";
    }
  }

  #gather(done: (text: string) => void): Place {
    this.#value = { text: new TextCollector(), done };
    return "value";
  }

  /** The first of a kind counts, as with the clients in the field. */
  #setFeed<Member extends keyof AtomFeed>(member: Member, value: AtomFeed[Member]): void {
    if (this.#feed && (this.#feed[member] === undefined || member === "isArchive")) this.#feed[member] = value;
  }

  #setEntry<Member extends keyof AtomEntry>(member: Member, value: AtomEntry[Member]): void {
    if (this.#entry && this.#entry[member] === undefined) (this.#entry as Mutable<AtomEntry>)[member] = value;
  }

  #addLink(tag: SaxesTagNS): void {
    const href = resolve(attributeOf(tag, "href"), this.#bases.at(-1));
    if (href === undefined) return;
    this.#links.push({ rel: attributeOf(tag, "rel") ?? "alternate", type: attributeOf(tag, "type"), href });
  }
}

function isAtom(tag: SaxesTagNS, local: string): boolean {
  return tag.uri === atomNamespace && tag.local === local;
}

function attributeOf(tag: SaxesTagNS, name: string): string | undefined {
  const attribute = (tag.attributes as Record<string, SaxesAttributeNS>)[name];
  return attribute?.value;
}

function logOf(tag: SaxesTagNS): LogExtension | undefined {
  const id = attributeOf(tag, "id");
  const epoch = attributeOf(tag, "epoch");
  return id === undefined || epoch === undefined ? undefined : { id, epoch };
}

function eventOf(tag: SaxesTagNS): EventExtension {
  return readEventAttributes((name) => attributeOf(tag, name));
}

/** An absolute address stays as it is spelled, since consumers compare addresses as text. */
function resolve(address: string | undefined, base: string | undefined): string | undefined {
  const trimmed = address?.trim();
  if (trimmed === undefined || /^[a-z][a-z0-9+.-]*:/i.test(trimmed)) return trimmed;
  return base !== undefined && URL.canParse(trimmed, base) ? new URL(trimmed, base).href : undefined;
}

function unreadable(why: string): TributaryError {
  return new TributaryError("FEED_UNREADABLE", `The feed page cannot be read: ${why}. Nothing was taken from it.`, {
    retryable: true,
  });
}
