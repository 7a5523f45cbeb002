import { refusal } from "./fhir-refusal.ts";
import { endOfString, readString, skipSpace } from "./json-text.ts";
import { countMembers, isJsonObject, type JsonObject } from "./json-value.ts";
import { bundleEntriesMax } from "./limits.ts";
import { parseText, refuseTooDeep, repeatedName } from "./parse-resource.ts";

/** One entry of a Bundle: everything but its resource parsed, the resource as the text that was received. */
export interface BundleTextEntry {
  /** The entry with `resource` as `null` where it has one. */
  readonly envelope: JsonObject;
  readonly resource: string | undefined;
}

/** A Bundle taken apart without its resources having been parsed. */
export interface BundleText {
  readonly type: string;
  readonly entries: readonly BundleTextEntry[];
  /** How many members the resources must have together once they are parsed; more or fewer means a repeated name. */
  readonly resourceMembers: number;
}

interface Span {
  readonly entry: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Takes a Bundle's text apart, so that each resource can be stored as it was received and each byte is parsed once.
 *
 * Throws a refusal: 400 when it is no Bundle or no JSON object, nests too deep or repeats a name; 413 when it has more
 * than `bundleEntriesMax` entries. The resources' own syntax shows when they are parsed.
 */
export function takeBundleApart(text: string): BundleText {
  const { spans, members, depth } = findEntryResources(text);
  refuseTooDeep(depth);
  let envelopeText = "";
  let taken = 0;
  for (const { start, end } of spans) {
    envelopeText += `${text.slice(taken, start)}null`;
    taken = end;
  }
  const bundle = parseText(envelopeText + text.slice(taken));
  if (!isJsonObject(bundle) || bundle["resourceType"] !== "Bundle") {
    throw refusal(
      400,
      "structure",
      "The body is no Bundle; only a batch or a transaction is sent to the base address.",
    );
  }
  const listed = bundle["entry"] ?? [];
  if (!Array.isArray(listed)) throw refusal(400, "structure", "`Bundle.entry` is not an array.", "Bundle.entry");
  if (listed.length > bundleEntriesMax) {
    const reason = `The Bundle has ${listed.length} entries; at most ${bundleEntriesMax} are taken at once.`;
    throw refusal(413, "too-costly", reason, "Bundle.entry");
  }
  const resources = new Map(spans.map(({ entry, start, end }) => [entry, text.slice(start, end)]));
  const entries = listed.map((envelope, index) => {
    if (!isJsonObject(envelope)) throw refusal(400, "structure", "An entry is no object.", `Bundle.entry[${index}]`);
    if (envelope["resource"] !== undefined && !resources.has(index)) {
      throw refusal(400, "structure", "The entry's resource is no object.", `Bundle.entry[${index}].resource`);
    }
    return { envelope, resource: resources.get(index) };
  });
  if (spans.length !== resources.size) throw repeatedName();
  return { type: String(bundle["type"]), entries, resourceMembers: members - countMembers(bundle) };
}

/** One pass over the text: where the object stands that is the `resource` of each entry, and what must be bounded. */
function findEntryResources(text: string): { spans: Span[]; members: number; depth: number } {
  const spans: Span[] = [];
  let members = 0;
  let depth = 0;
  let deepest = 0;
  let isInEntries = false;
  let isResource = false;
  let entry = -1;
  let start = 0;
  let nameStart = 0;
  let nameEnd = 0;
  for (let at = skipSpace(text, 0); at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        nameStart = at;
        nameEnd = endOfString(text, at);
        at = nameEnd - 1;
        break;
      case 0x3a: // :
        members += 1;
        if (depth === 1) isInEntries = readName(text, nameStart, nameEnd) === "entry";
        else if (depth === 3 && isInEntries) isResource = readName(text, nameStart, nameEnd) === "resource";
        break;
      case 0x7b: // {
      case 0x5b: // [
        depth += 1;
        if (depth > deepest) deepest = depth;
        if (depth === 3 && isInEntries) entry += 1;
        else if (depth === 4 && isResource) {
          if (text.charCodeAt(at) === 0x7b) start = at;
          else isResource = false;
        }
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth -= 1;
        if (depth === 3 && isResource) {
          spans.push({ entry, start, end: at + 1 });
          isResource = false;
        }
        break;
      case 0x2c: // ,
        if (depth === 3) isResource = false;
        break;
    }
  }
  return { spans, members, depth: deepest };
}

/** A name that cannot be read is a syntax error, which parsing reports. */
function readName(text: string, start: number, end: number): string | undefined {
  try {
    return readString(text, start, end);
  } catch {
    return undefined;
  }
}
