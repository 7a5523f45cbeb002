import { endOfString, findMembers, readString, skipSpace } from "./json-text.ts";
import { nestingDepthMax } from "./limits.ts";

/** Says what a link is to become, or `undefined` to leave it as it is. */
export type LinkTarget = (link: string, isReference: boolean) => string | undefined;

/**
 * Tells whether the element at a path of member names (`["Patient", "contact", "extension", "valueUri"]`, the resource's
 * type first) holds a link: it is of type `uri`, `url`, `canonical`, `oid` or `uuid`.
 */
export type IsLinkElement = (path: readonly string[]) => boolean;

/**
 * Rewrites the links of a resource inside its text: `Reference.reference`, elements that hold a URI, and `href` and
 * `src` in the narrative. No other byte changes; a text without a link to rewrite is returned as it is.
 *
 * See https://hl7.org/fhir/R4/http.html#trules
 */
export function rewriteLinks(text: string, target: LinkTarget, isLinkElement: IsLinkElement): string {
  const names = new Int32Array(2 * (nestingDepthMax + 2));
  let rewritten = "";
  let taken = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x7b || code === 0x5b) {
      depth += 1;
      names[2 * depth] = 0;
      names[2 * depth + 1] = 0;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
    else if (code === 0x22) {
      const end = endOfString(text, at);
      if (text.charCodeAt(skipSpace(text, end)) === 0x3a) {
        names[2 * depth] = at;
        names[2 * depth + 1] = end;
      } else {
        const replaced = replacementOf(text, at, end, depth, names, target, isLinkElement);
        if (replaced !== undefined) {
          rewritten += text.slice(taken, at) + replaced;
          taken = end;
        }
      }
      at = end - 1;
    }
  }
  return taken === 0 ? text : rewritten + text.slice(taken);
}

function replacementOf(
  text: string,
  start: number,
  end: number,
  depth: number,
  names: Int32Array,
  target: LinkTarget,
  isLinkElement: IsLinkElement,
): string | undefined {
  const first = text.charCodeAt(start + 1);
  if (first === 0x3c) return narrativeOf(text, start, end, nameAt(text, names, depth), target);
  const name = nameAt(text, names, depth);
  const isReference = name === "reference";
  const link = readString(text, start, end);
  const replaced = replaceLink(link, isReference, target);
  if (replaced === undefined) return undefined;
  if (!isReference && !isLinkElement(pathAt(text, names, depth))) return undefined;
  return JSON.stringify(replaced);
}

/** A link may point into a resource: what follows `#` stays. */
function replaceLink(link: string, isReference: boolean, target: LinkTarget): string | undefined {
  const hash = link.indexOf("#");
  if (hash < 0) return target(link, isReference);
  const replaced = target(link.slice(0, hash), isReference);
  return replaced === undefined ? undefined : replaced + link.slice(hash);
}

function narrativeOf(text: string, start: number, end: number, name: string, target: LinkTarget): string | undefined {
  if (name !== "div") return undefined;
  const html = readString(text, start, end);
  const replaced = html.replace(/(\s(?:href|src)\s*=\s*)(["'])([^"']*)\2/g, (whole, before, mark, link) => {
    const to = replaceLink(link, false, target);
    return to === undefined ? whole : `${before}${mark}${to}${mark}`;
  });
  return replaced === html ? undefined : JSON.stringify(replaced);
}

function nameAt(text: string, names: Int32Array, depth: number): string {
  // A value inside an array has the name that stands before the array.
  let level = depth;
  while (level > 0 && names[2 * level + 1] === 0) level -= 1;
  return level > 0 ? readString(text, names[2 * level]!, names[2 * level + 1]!) : "";
}

function pathAt(text: string, names: Int32Array, depth: number): string[] {
  const { resourceType } = findMembers(text, ["resourceType"]);
  const path = [resourceType ? readString(text, resourceType.valueStart, resourceType.valueEnd) : ""];
  for (let level = 1; level <= depth; level++) {
    if (names[2 * level + 1] !== 0) path.push(readString(text, names[2 * level]!, names[2 * level + 1]!));
  }
  return path;
}
