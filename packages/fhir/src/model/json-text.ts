/** Where one member stands in the text of an object: from its name's quote to the end of its value. */
export interface Member {
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * Finds named members of the object whose brace stands at `at`, and stops as soon as it has all of them. The text must
 * be valid JSON without repeated names.
 */
export function findMembers<Name extends string>(
  text: string,
  names: readonly Name[],
  at = skipSpace(text, 0),
): Partial<Record<Name, Member>> {
  const found: Partial<Record<Name, Member>> = {};
  let missing = names.length;
  let start = skipSpace(text, at + 1);
  while (missing > 0 && text.charCodeAt(start) === quote) {
    const nameEnd = endOfString(text, start);
    const valueStart = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const valueEnd = endOfValue(text, valueStart);
    const name = readString(text, start, nameEnd) as Name;
    if (names.includes(name)) {
      found[name] = { start, valueStart, valueEnd };
      missing -= 1;
    }
    const next = skipSpace(text, valueEnd);
    if (text.charCodeAt(next) !== comma) break;
    start = skipSpace(text, next + 1);
  }
  return found;
}

/** The text without one member and without the comma that it leaves behind. */
export function cutMember(text: string, { start, valueEnd }: Member): string {
  const next = skipSpace(text, valueEnd);
  if (text.charCodeAt(next) === comma) return text.slice(0, start) + text.slice(next + 1);
  const before = skipSpaceBack(text, start - 1);
  return text.slice(0, text.charCodeAt(before) === comma ? before : start) + text.slice(valueEnd);
}

/** The text with a member (`"name":value`) put in after another one; `cutMember` undoes it exactly. */
export function insertMemberAfter(text: string, { valueEnd }: Member, member: string): string {
  const next = skipSpace(text, valueEnd);
  if (text.charCodeAt(next) !== comma) return `${text.slice(0, valueEnd)},${member}${text.slice(valueEnd)}`;
  const following = skipSpace(text, next + 1);
  return `${text.slice(0, following)}${member},${text.slice(following)}`;
}

/** What a pass over a JSON text finds before it is parsed. */
export interface JsonMeasure {
  /** How many members all objects in the text have together, repeated names included. */
  readonly members: number;
  /** How deep objects and arrays stand inside each other. */
  readonly depth: number;
}

/** Measures a text without parsing it, valid JSON or not. */
export function measureJson(text: string): JsonMeasure {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at) - 1;
    else if (code === colon) members += 1;
    else if (code === openBrace || code === openBracket) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === closeBrace || code === closeBracket) depth -= 1;
  }
  return { members, depth: deepest };
}

/** Where a string that opens at `at` ends: just behind its closing quote, or at the end of a text that is cut off. */
export function endOfString(text: string, at: number): number {
  const { length } = text;
  for (let next = at + 1; next < length; next++) {
    const code = text.charCodeAt(next);
    if (code === quote) return next + 1;
    if (code === backslash) next += 1;
  }
  return length;
}

/** The value of the string that stands, quotes included, from `start` to `end`. */
export function readString(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes("\\") ? (JSON.parse(text.slice(start, end)) as string) : inner;
}

/** The first place from `at` on that is no white space. */
export function skipSpace(text: string, at: number): number {
  let next = at;
  while (isSpace(text.charCodeAt(next))) next += 1;
  return next;
}

function skipSpaceBack(text: string, at: number): number {
  let next = at;
  while (isSpace(text.charCodeAt(next))) next -= 1;
  return next;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function endOfValue(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === quote) return endOfString(text, at);
  if (first === openBrace || first === openBracket) return endOfContainer(text, at);
  let next = at;
  for (; next < text.length; next++) {
    const code = text.charCodeAt(next);
    if (code === comma || code === closeBrace || code === closeBracket || isSpace(code)) break;
  }
  return next;
}

function endOfContainer(text: string, at: number): number {
  let depth = 0;
  for (let next = at; next < text.length; next++) {
    const code = text.charCodeAt(next);
    if (code === quote) next = endOfString(text, next) - 1;
    else if (code === openBrace || code === openBracket) depth += 1;
    else if (code === closeBrace || code === closeBracket) {
      depth -= 1;
      if (depth === 0) return next + 1;
    }
  }
  return text.length;
}
