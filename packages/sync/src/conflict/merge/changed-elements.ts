import { isJsonObject, type JsonObject, type JsonValue } from "@tributary/fhir";
import { equalContent } from "./content/equal-content.ts";
import { type ElementGroup, isMemberwise, shapeOf, type TypeShape } from "./element-groups.ts";
import { differingGroups, fragmentOf } from "./fragment.ts";
import { itemKeysOf, itemPath } from "./item-keys.ts";
import { matchItems } from "./match-items.ts";

/** One element in which two versions of a record differ. */
export interface ElementChange {
  /** Where it is, as FHIRPath: `Patient.telecom.where(system='phone' and use='home').value`. */
  readonly path: string;
  /** The members that make up the element, `{ "birthDate": "1980-01-02" }`; a changed list item stands in its list. */
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

/**
 * Tells what changed from one version of a record to another, element by element, in the same parts in which a merge
 * compares them: backbone elements member by member, lists item by item by their keys, what belongs together as one. A
 * record that was not there before, or is deleted, has none of its elements.
 *
 * Bodies are as `parseLossless` reads them, and share their parts with what is returned. `meta.versionId` and
 * `meta.lastUpdated` are no content.
 */
export function changedElements(
  type: string,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): readonly ElementChange[] {
  const changes: ElementChange[] = [];
  compareMembers({ type, changes }, shapeOf(type), type, before ?? {}, after ?? {});
  return changes;
}

interface Comparison {
  /** The resource type. */
  readonly type: string;
  readonly changes: ElementChange[];
}

function compareMembers(run: Comparison, shape: TypeShape, path: string, before: JsonObject, after: JsonObject): void {
  for (const group of differingGroups(shape, before, after)) {
    const at = `${path}.${group.name}`;
    const isTold = compareParts(run, group, at, before, after);
    if (!isTold) run.changes.push({ path: at, before: fragmentOf(group, before), after: fragmentOf(group, after) });
  }
}

/** Tells the differences within a group; `false` when it has no parts to be told apart by. */
function compareParts(
  run: Comparison,
  group: ElementGroup,
  path: string,
  before: JsonObject,
  after: JsonObject,
): boolean {
  const { kind, name, typeName = "" } = group;
  const [one, other] = [before[name], after[name]];
  if (kind === "members" && isJsonObject(one) && isJsonObject(other)) {
    compareMembers(run, shapeOf(typeName), path, one, other);
    return true;
  }
  if (kind !== "list") return false;
  const [items, newItems] = [one ?? [], other ?? []];
  if (!Array.isArray(items) || !Array.isArray(newItems)) return false;
  return compareItems(run, group, path, items, newItems);
}

/** Tells what became of the items of a list; `false` when only their order changed. */
function compareItems(
  run: Comparison,
  group: ElementGroup,
  path: string,
  before: readonly JsonValue[],
  after: readonly JsonValue[],
): boolean {
  const keys = itemKeysOf(group, run.type);
  const told = run.changes.length;
  const tell = (one: JsonValue | undefined, other: JsonValue | undefined) => {
    const at = itemPath(keys, path, (one ?? other)!);
    if (isMemberwise(group.typeName) && isJsonObject(one) && isJsonObject(other)) {
      compareMembers(run, shapeOf(group.typeName!), at, one, other);
    } else {
      run.changes.push({ path: at, before: listed(group, one), after: listed(group, other) });
    }
  };
  const { pairs, onlyMine, onlyTheirs } = matchItems({ base: [], mine: before, theirs: after }, keys.identityOf);
  for (const { mine, theirs } of pairs) {
    const [one, other] = [before[mine!]!, after[theirs!]!];
    if (!equalContent(one, other)) tell(one, other);
  }
  const arrived = Map.groupBy(
    onlyTheirs.map((place) => after[place]!),
    keys.keyOf,
  );
  const gone = Map.groupBy(
    onlyMine.map((place) => before[place]!),
    keys.keyOf,
  );
  for (const [key, items] of gone) {
    const successors = arrived.get(key) ?? [];
    // An item that is gone and the one new item of its key are one edited item.
    if (key !== undefined && items.length === 1 && successors.length === 1) {
      tell(items[0], successors[0]);
      arrived.delete(key);
    } else {
      for (const item of items) tell(item, undefined);
    }
  }
  for (const item of [...arrived.values()].flat()) tell(undefined, item);
  return run.changes.length > told;
}

function listed({ name }: ElementGroup, item: JsonValue | undefined): JsonObject | undefined {
  return item === undefined ? undefined : { [name]: [item] };
}
