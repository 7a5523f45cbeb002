import type { JsonObject, JsonValue } from "@tributary/fhir";
import { equalContent } from "./content/equal-content.ts";
import { type ElementGroup, shapeOf, type TypeShape } from "./element-groups.ts";

/** The members of a group as they stand in an object; `undefined` when none of them is there. */
export function fragmentOf(group: ElementGroup, object: JsonObject | undefined): JsonObject | undefined {
  if (object === undefined) return undefined;
  let fragment: JsonObject | undefined;
  for (const name of group.members) {
    if (Object.hasOwn(object, name)) {
      fragment ??= {};
      setMember(fragment, name, object[name]);
    }
  }
  return fragment;
}

/** Puts a group's members of `source` in the place of those of `target`, which is changed. */
export function replaceGroup(group: ElementGroup, target: JsonObject, source: JsonObject | undefined): void {
  for (const name of group.members) {
    if (source !== undefined && Object.hasOwn(source, name)) setMember(target, name, source[name]);
    else if (Object.hasOwn(target, name)) delete target[name];
  }
}

/** Tells whether two objects say the same in one group. */
export function equalGroup(group: ElementGroup, left: JsonObject, right: JsonObject): boolean {
  return group.members.every((name) => equalMember(group, name, left, right));
}

/** The groups in which two objects differ, in the order in which the second one has them. */
export function differingGroups(shape: TypeShape, left: JsonObject, right: JsonObject): ElementGroup[] {
  const found: ElementGroup[] = [];
  const look = (name: string): void => {
    if (shape.ignored.has(name)) return;
    const group = shape.groupOf(name);
    const isFound = found.some((one) => one.path === group.path);
    if (!isFound && !equalMember(group, name, left, right)) found.push(group);
  };
  for (const name in right) {
    if (left[name] !== right[name] && !equalContent(left[name], right[name])) look(name);
  }
  for (const name in left) {
    if (!Object.hasOwn(right, name)) look(name);
  }
  return found;
}

/** `meta` is compared without what each node says of its own version; without it, an empty `meta` is none. */
function equalMember({ typeName }: ElementGroup, name: string, left: JsonObject, right: JsonObject): boolean {
  const one = ownMember(left, name);
  const other = ownMember(right, name);
  if (equalContent(one, other)) return true;
  if (typeName !== "Meta" || !isObjectOrAbsent(one) || !isObjectOrAbsent(other)) return false;
  return differingGroups(shapeOf(typeName), one ?? {}, other ?? {}).length === 0;
}

function isObjectOrAbsent(value: JsonValue | undefined): value is JsonObject | undefined {
  return value === undefined || (typeof value === "object" && value !== null && !Array.isArray(value));
}

function ownMember(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** NOTE: `__proto__` can be a member of what was parsed; assigning to it would not make one. */
function setMember(target: JsonObject, name: string, value: JsonValue | undefined): void {
  if (name !== "__proto__") target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
