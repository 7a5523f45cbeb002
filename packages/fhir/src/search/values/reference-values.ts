/** The target of a reference as the index keeps it: the id of a record here (with its type), or an absolute URL. */
export interface ReferenceTarget {
  /** Empty when the reference does not tell. */
  readonly type: string;
  readonly id: string;
}

const relative = /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;
const absolute = /^(https?:\/\/.+?)\/([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;

/**
 * Reads the targets of an element that a reference parameter may lead to: Reference, canonical, uri, or a resource
 * that stands inside. A canonical with a version is found with and without it; a reference into the resource itself
 * (`#x`) is none. See https://hl7.org/fhir/R4/search.html#reference
 */
export function readReferences(element: unknown, take: (target: ReferenceTarget) => void): void {
  if (typeof element === "string") {
    const bar = element.indexOf("|");
    if (bar > 0) take({ type: "", id: element.slice(0, bar) });
    const target = parseTarget(element);
    if (target) take(target);
    return;
  }
  if (typeof element !== "object" || element === null) return;
  const { reference, resourceType, id } = element as Record<string, unknown>;
  if (typeof reference === "string") {
    const target = parseTarget(reference);
    if (target) take(target);
  } else if (typeof resourceType === "string" && typeof id === "string") {
    take({ type: resourceType, id });
  }
}

/** Reads one reference; `undefined` when it leads nowhere outside its own resource. */
export function parseTarget(reference: string): ReferenceTarget | undefined {
  const here = relative.exec(reference);
  if (here) return { type: here[1]!, id: here[2]! };
  if (reference === "" || reference.startsWith("#")) return undefined;
  const there = absolute.exec(reference);
  return there ? { type: there[2]!, id: `${there[1]}/${there[2]}/${there[3]}` } : { type: "", id: reference };
}
