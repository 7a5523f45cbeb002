import { isJsonObject, type JsonObject, type JsonValue } from "@tributary/fhir";
import { parseElementPath } from "./element-path.ts";
import { equalContent } from "./merge/content/equal-content.ts";
import type { ContestedElement } from "./merge/contested-element.ts";
import { type ElementGroup, shapeOf, type TypeShape } from "./merge/element-groups.ts";
import { fragmentOf, replaceGroup } from "./merge/fragment.ts";
import { isNamedBy, itemKeysOf } from "./merge/item-keys.ts";

/** What came of putting a value in the place of a contested element. */
export type PutOutcome =
  /** `replaced` is what stood there, `undefined` for nothing. When `isGuess`, another place says the same and may be meant. */
  | { readonly kind: "put"; readonly replaced: JsonObject | undefined; readonly isGuess: boolean }
  /** The item or object that the element was a part of is not there any more, or cannot be told from others. */
  | { readonly kind: "gone" }
  /** The fragment has something that is no part of the element, or is no list where there is one. */
  | { readonly kind: "misfit"; readonly member: string };

/**
 * Puts a fragment, `undefined` for nothing, where a contested element of `type` stands in `body`, which is changed.
 *
 * Of a list only the contested items are replaced, by the first one's place: those that say what a side said, else the
 * one that has their key by now. Where there is none left, the fragment's items come last.
 */
export function putFragment(
  body: JsonObject,
  type: string,
  element: ContestedElement,
  fragment: JsonObject | undefined,
): PutOutcome {
  const steps = parseElementPath(element.path);
  const last = steps?.at(-1);
  if (!steps || !last) return { kind: "gone" };
  let places: readonly Place[] = [{ object: body, shape: shapeOf(type) }];
  for (const { name, selector } of steps.slice(0, -1)) {
    places = places.flatMap((place) => inside(place, name, selector, type));
  }
  const isOfItems = last.selector !== undefined || element.shown === "both";
  const shown = (one: Place) => showsElement(one, last.name, element, isOfItems);
  const meant = places.length === 1 ? places : places.filter(shown);
  const place = meant[0];
  if (!place) return { kind: "gone" };
  const isGuess = meant.length > 1;
  const { object, shape } = place;
  const group = shape.groupOfElement(last.name);
  const stranger = Object.keys(fragment ?? {}).find((member) => !group.members.includes(member));
  if (stranger !== undefined) return { kind: "misfit", member: stranger };
  if (!isOfItems) {
    const replaced = fragmentOf(group, object);
    replaceGroup(group, object, fragment);
    return { kind: "put", replaced, isGuess };
  }
  const answers = (item: JsonValue) => last.selector !== undefined && isKnownBy(item, last.selector, group, type);
  const put = putItems(object, group, element, fragment, answers);
  return put.kind === "put" ? { ...put, isGuess } : put;
}

interface Place {
  readonly object: JsonObject;
  readonly shape: TypeShape;
}

/** What a step leads to; several items where a list has more than one of a key. */
function inside({ object, shape }: Place, name: string, selector: string | undefined, type: string): readonly Place[] {
  const group = shape.groupOfElement(name);
  const { typeName } = group;
  if (typeName === undefined) return [];
  // An empty `meta` and none are the same.
  if (typeName === "Meta") object[name] ??= {};
  const value = object[name];
  const items =
    selector === undefined ? [value] : listOf(value)?.filter((one) => isKnownBy(one, selector, group, type));
  return (items ?? []).filter(isJsonObject).map((item) => ({ object: item, shape: shapeOf(typeName) }));
}

/** Tells whether an object says what the merge has shown, which tells it from another one of its key. */
function showsElement({ object, shape }: Place, name: string, element: ContestedElement, isOfItems: boolean): boolean {
  const group = shape.groupOfElement(name);
  const list = listOf(object[group.name]);
  if (isOfItems) return list !== undefined && placesOfContested(list, group.name, element).length > 0;
  const { shown } = element;
  return (shown === "mine" || shown === "theirs") && equalContent(fragmentOf(group, object), element[shown]);
}

function putItems(
  object: JsonObject,
  group: ElementGroup,
  element: ContestedElement,
  fragment: JsonObject | undefined,
  answers: (item: JsonValue) => boolean,
): PutOutcome {
  const { name, members } = group;
  const list = listOf(object[name]);
  const chosen = listOf(fragment?.[name]);
  if (!chosen) return { kind: "misfit", member: name };
  // The extensions of bare values stand in a list side by side with them, and would lose their places.
  if (!list || members.some((member) => member !== name && (object[member] ?? fragment?.[member]) !== undefined)) {
    return { kind: "gone" };
  }
  const replaced = new Set(placesOfContested(list, name, element));
  if (replaced.size === 0) {
    const known = [...list.keys()].filter((place) => answers(list[place]!));
    if (known.length === 1) replaced.add(known[0]!);
  }
  const first = Math.min(list.length, ...replaced);
  const kept = (place: number) => !replaced.has(place);
  const items = [
    ...list.filter((_, place) => place < first),
    ...chosen,
    ...list.filter((_, place) => place >= first && kept(place)),
  ];
  if (items.length > 0) object[name] = items;
  else delete object[name];
  const stood = list.filter((_, place) => replaced.has(place));
  return { kind: "put", replaced: stood.length > 0 ? { [name]: stood } : undefined, isGuess: false };
}

/** Where the shown items stand; where none of them does any more, those of the other side. */
function placesOfContested(
  list: readonly JsonValue[],
  name: string,
  { mine, theirs, shown }: ContestedElement,
): readonly number[] {
  const [mineItems = [], theirItems = []] = [listOf(mine?.[name]), listOf(theirs?.[name])];
  if (shown === "both" || shown === "other") return placesOf([...mineItems, ...theirItems], list);
  const [first, second] = shown === "mine" ? [mineItems, theirItems] : [theirItems, mineItems];
  const places = placesOf(first, list);
  return places.length > 0 ? places : placesOf(second, list);
}

/** Where items stand in a list, each of them once. */
function placesOf(items: readonly JsonValue[], list: readonly JsonValue[]): number[] {
  const places: number[] = [];
  for (const item of items) {
    const place = list.findIndex((one, at) => !places.includes(at) && equalContent(one, item));
    if (place >= 0) places.push(place);
  }
  return places;
}

function isKnownBy(item: JsonValue, selector: string, group: ElementGroup, type: string): boolean {
  return isNamedBy(selector, item, itemKeysOf(group, type));
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : undefined;
}
