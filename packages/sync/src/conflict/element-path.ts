/** One step of a contested element's path: an element and, in a list, what its item is known by. */
export interface PathStep {
  readonly name: string;
  /** A FHIRPath criterion, `use='official'`, or `#` and a hash: of what the base had, or of a long key. */
  readonly selector?: string;
}

/**
 * The steps below the resource of the path of a `ContestedElement`: none for the whole record, `undefined` for what is
 * no such path.
 *
 * `Patient.contact.where(relationship.text='Mother').gender` // [{ name: "contact", selector: "relationship.text='Mother'" }, { name: "gender" }]
 */
export function parseElementPath(path: string): readonly PathStep[] | undefined {
  const steps: PathStep[] = [];
  let at = path.indexOf(".");
  while (at >= 0 && at < path.length) {
    const [, name] = /^\.([^.[(]+)/.exec(path.slice(at)) ?? [];
    if (name === undefined) return undefined;
    at += name.length + 1;
    const selection = selectionAt(path, at);
    if (selection === undefined) {
      steps.push({ name });
      continue;
    }
    steps.push({ name, selector: path.slice(selection.start, selection.end) });
    at = selection.end + 1;
  }
  return steps;
}

function selectionAt(path: string, at: number): { readonly start: number; readonly end: number } | undefined {
  const opening = [".where(", "["].find((one) => path.startsWith(one, at));
  if (opening === undefined) return undefined;
  const start = at + opening.length;
  const end = opening === "[" ? path.indexOf("]", start) : closingParenthesis(path, start);
  return end < 0 ? undefined : { start, end };
}

/** Where the criterion that begins at `start` ends; parentheses in quoted text are none. */
function closingParenthesis(path: string, start: number): number {
  let depth = 1;
  let isQuoted = false;
  for (let at = start; at < path.length; at++) {
    const character = path[at];
    if (isQuoted && character === "\\") at += 1;
    else if (character === "'") isQuoted = !isQuoted;
    else if (!isQuoted && character === "(") depth += 1;
    else if (!isQuoted && character === ")" && --depth === 0) return at;
  }
  return -1;
}
