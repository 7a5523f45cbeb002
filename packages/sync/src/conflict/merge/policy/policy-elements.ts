import { elementTable, resourceTypes } from "@tributary/fhir";
import { isMemberwise, shapeOf } from "../element-groups.ts";

/** What a policy table may say of an element. */
export type PolicyElement =
  | { readonly kind: "known" }
  /** It is merged as one thing with others; the rule has to name the first of them. */
  | { readonly kind: "goes-with"; readonly element: string }
  | { readonly kind: "unknown"; readonly known: readonly string[] };

const pathsOfType = new Map<string, ReadonlyMap<string, string>>();

/**
 * Whether a rule for this element of a resource type (or of `*`, any type) can ever be asked: a path below the resource,
 * as `PolicyRule` has it.
 */
export function policyElement(type: string, element: string): PolicyElement {
  if (element === "*") return { kind: "known" };
  const types = type === "*" ? resourceTypes : [type];
  const asked = types.flatMap((one) => pathsOf(one).get(element) ?? []);
  if (asked.length === 0)
    return { kind: "unknown", known: [...new Set(types.flatMap((one) => [...pathsOf(one).keys()]))] };
  return asked.includes(element) ? { kind: "known" } : { kind: "goes-with", element: asked[0]! };
}

/** Every element below a type, with the path under which the merge asks for its rule. */
function pathsOf(type: string): ReadonlyMap<string, string> {
  let paths = pathsOfType.get(type);
  if (!paths) {
    const found = new Map<string, string>();
    gather(type, found, new Set());
    pathsOfType.set(type, found);
    paths = found;
  }
  return paths;
}

function gather(typeName: string, found: Map<string, string>, seen: Set<string>): void {
  if (seen.has(typeName)) return;
  seen.add(typeName);
  const shape = shapeOf(typeName);
  for (const { name } of elementTable(typeName)?.elements ?? []) {
    const group = shape.groupOfElement(name);
    const prefix = group.path.slice(0, group.path.length - group.name.length);
    found.set(prefix + name, group.path);
    if (group.typeName && isMemberwise(group.typeName)) gather(group.typeName, found, seen);
  }
}
