import type { ContestedElement } from "@tributary/admin-api";

/** What a contested element is called on a page: `birthDate`, `name`; the whole record when nothing narrower is told. */
export function elementName({ elements, path }: Pick<ContestedElement, "elements" | "path">): string {
  return elements.length === 0 ? path : elements.join(", ");
}
