import type { SaxesAttributeNS, SaxesTagNS } from "saxes";
import { escapeAttribute, escapeText } from "./xml-text.ts";

/** Gathers what stands inside one element, as plain text or, once an element turns up in it, as XML. */
export class TextCollector {
  #text = "";
  #fromCdata = "";
  #hasCdata = false;
  #hasTextOutsideCdata = false;
  #xml = "";
  #hasElements = false;

  addText(characters: string): void {
    this.#text += characters;
    this.#xml += escapeText(characters);
    if (!this.#hasTextOutsideCdata && characters.trim() !== "") this.#hasTextOutsideCdata = true;
  }

  addCdata(characters: string): void {
    this.#hasCdata = true;
    this.#text += characters;
    this.#fromCdata += characters;
    this.#xml += escapeText(characters);
  }

  openElement(tag: SaxesTagNS): void {
    this.#hasElements = true;
    const attributes = Object.values(tag.attributes as Record<string, SaxesAttributeNS>);
    this.#xml += `<${tag.name}${attributes.map(({ name, value }) => ` ${name}="${escapeAttribute(value)}"`).join("")}>`;
  }

  closeElement(tag: SaxesTagNS): void {
    this.#xml += `</${tag.name}>`;
  }

  /** White space around CDATA sections or around elements is the document's lay-out, not the publisher's text. */
  result(): string {
    if (this.#hasElements) return this.#xml.trim();
    return this.#hasCdata && !this.#hasTextOutsideCdata ? this.#fromCdata : this.#text;
  }
}
