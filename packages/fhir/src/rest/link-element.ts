import { elementTable } from "../definitions/element-table.ts";

const linkTypes: ReadonlySet<string> = new Set(["uri", "url", "canonical", "oid", "uuid"]);

/**
 * Tells whether the element at a path of names, the resource's type first, holds a URI. Inside a contained resource,
 * whose type the path does not tell, none is said to; its references are known by their name.
 */
export function isLinkElement(path: readonly string[]): boolean {
  let table = elementTable(path[0] ?? "");
  for (const [index, name] of path.entries()) {
    if (index === 0) continue;
    const types = table?.elements.flatMap(({ types }) => types).filter(({ jsonName }) => jsonName === name) ?? [];
    if (index === path.length - 1) return types.some(({ code }) => linkTypes.has(code));
    table = types[0] && elementTable(types[0].code);
  }
  return false;
}
