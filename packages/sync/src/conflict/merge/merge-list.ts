import { isJsonObject, type JsonObject, type JsonValue } from "@tributary/fhir";
import { contentHash } from "./content/canonical-text.ts";
import { equalContent } from "./content/equal-content.ts";
import { type ElementGroup, isMemberwise, shapeOf, type TypeShape } from "./element-groups.ts";
import { type ItemKeys, itemKeysOf, itemPath, pathByKey } from "./item-keys.ts";
import { matchItems } from "./match-items.ts";
import { type MergeRun, note, reasonOf, type ThreeSides } from "./merge-run.ts";
import { sideToShow } from "./policy/side-to-show.ts";

/** A list that both sides changed. */
export interface ListSides {
  readonly group: ElementGroup;
  readonly path: string;
  readonly base: readonly JsonValue[];
  readonly mine: readonly JsonValue[];
  readonly theirs: readonly JsonValue[];
  readonly isBaseKnown: boolean;
}

/** Merges an item that has elements of its own; handed in, since lists and objects contain each other. */
export type MergeMembers = (
  shape: TypeShape,
  path: string,
  sides: { readonly base: JsonObject | undefined; readonly mine: JsonObject; readonly theirs: JsonObject },
  run: MergeRun,
) => JsonObject;

/**
 * Merges two changed lists item by item. My order stands; what is theirs follows in their order, but for an edited item,
 * which stays in its place.
 *
 * 1. Items of the same identity are matched; what a side removed goes if the other side left it alone.
 * 2. What is left over is sorted by key. An item that is gone and one of its key that is new are one edited item.
 * 3. Two different edits of one item, an edit of what was removed, and two new items of a key that is meant for one, are
 *    contested. Where it cannot be told which is the edit of which, the items of both sides are shown.
 *
 * An item without a key is taken whole: woven from two sides, it could not be known again as the one it was.
 */
export function mergeList(list: ListSides, run: MergeRun, mergeMembers: MergeMembers): JsonValue[] {
  return new ListMerge(list, run, mergeMembers).merge();
}

/** Places of the items of one key that found no match, or of which one side has lost its match. */
interface KeyGroup {
  readonly key: string | undefined;
  readonly gone: number[];
  readonly newMine: number[];
  readonly newTheirs: number[];
  /** Where items stand in mine that they removed. */
  readonly freeSlots: number[];
  /** Whether a side removed, or edited, an item of this key that the other side left alone. */
  isTouched: boolean;
  /** How many new items both sides have; each of them explains one that is gone. */
  agreed: number;
}

/** How many pairs of items are looked at for likeness; a list in which more has changed is for a person to look at. */
const comparisonsMax = 1_000;

class ListMerge {
  readonly #list: ListSides;
  readonly #run: MergeRun;
  readonly #mergeMembers: MergeMembers;
  readonly #keys: ItemKeys;
  /** What stands in the place of each of my items, and what of theirs comes behind. */
  readonly #inMine: (JsonValue | undefined)[];
  readonly #behind: (JsonValue | undefined)[];
  /** Keys that some list has twice; found out when they are first asked for. */
  #sharedKeys: ReadonlySet<string> | undefined;

  constructor(list: ListSides, run: MergeRun, mergeMembers: MergeMembers) {
    this.#list = list;
    this.#run = run;
    this.#mergeMembers = mergeMembers;
    this.#keys = itemKeysOf(list.group, run.type);
    this.#inMine = [...list.mine];
    this.#behind = list.theirs.map(() => undefined);
  }

  merge(): JsonValue[] {
    const { base, mine, theirs, group } = this.#list;
    const groups = new Map<string | undefined, KeyGroup>();
    const groupOf = (item: JsonValue): KeyGroup => {
      const key = this.#keys.keyOf(item);
      let found = groups.get(key);
      if (!found) {
        found = { key, gone: [], newMine: [], newTheirs: [], freeSlots: [], isTouched: false, agreed: 0 };
        groups.set(key, found);
      }
      return found;
    };
    const { pairs, onlyBase, onlyMine, onlyTheirs } = matchItems(this.#list, this.#keys.identityOf);
    for (const pair of pairs) {
      const sides = this.#sidesAt(pair.base, pair.mine, pair.theirs);
      this.#place(pair.mine, pair.theirs, this.#mergeItem(sides));
      if (sides.base === undefined) groupOf(sides.mine!).agreed += 1;
      if (sides.mine !== undefined && sides.theirs !== undefined) continue;
      const touched = groupOf(sides.base!);
      touched.isTouched = true;
      if (pair.mine !== undefined && this.#inMine[pair.mine] === undefined) touched.freeSlots.push(pair.mine);
    }
    for (const place of onlyBase) groupOf(base[place]!).gone.push(place);
    for (const place of onlyMine) groupOf(mine[place]!).newMine.push(place);
    for (const place of onlyTheirs) groupOf(theirs[place]!).newTheirs.push(place);
    for (const one of groups.values()) {
      if (group.kind === "set" && this.#list.isBaseKnown) this.#takeNew(one);
      else this.#mergeKey(one);
    }
    return [...this.#inMine, ...this.#behind].filter((item) => item !== undefined);
  }

  #mergeKey(group: KeyGroup): void {
    const { key, gone, newMine, newTheirs } = group;
    const isPair = newMine.length === 1 && newTheirs.length === 1;
    const isKeyed = key !== undefined && !this.#keys.keepsBoth;
    if (newMine.length === 0 && newTheirs.length === 0) return;
    if (!this.#list.isBaseKnown) {
      if (isPair && isKeyed) this.#mergeEdits(group);
      else this.#contestAll(group);
    } else if (gone.length > group.agreed) {
      this.#mergeSuccessors(group);
    } else if (newMine.length > 0 && newTheirs.length > 0 && key !== undefined && this.#isForOne(key)) {
      if (isPair && isKeyed) this.#mergeEdits(group);
      else this.#contestAll(group);
    } else {
      this.#takeNew(group);
    }
  }

  /** Items are gone from both sides, and at least one side has new ones of the same key. */
  #mergeSuccessors(group: KeyGroup): void {
    const { key, gone, newMine, newTheirs, isTouched } = group;
    const isOneItem = gone.length === 1 && newMine.length <= 1 && newTheirs.length <= 1 && !isTouched;
    const areSuccessors = key !== undefined || this.#areAllSuccessors(group);
    if (isOneItem && areSuccessors && !this.#keys.keepsBoth) this.#mergeEdits(group);
    else if (key !== undefined || (newMine.length > 0 && newTheirs.length > 0) || this.#isAnySuccessor(group)) {
      this.#contestAll(group);
    } else this.#takeNew(group);
  }

  /** Merges the one item of a key: what it was, mine and theirs. */
  #mergeEdits({ gone, newMine, newTheirs }: KeyGroup): void {
    const [mine] = newMine;
    const [theirs] = newTheirs;
    this.#place(mine, theirs, this.#mergeItem(this.#sidesAt(gone[0], mine, theirs)));
  }

  #contestAll(group: KeyGroup): void {
    const { base, mine, theirs, path, isBaseKnown } = this.#list;
    const sides = {
      base: this.#fragment(group.gone.map((place) => base[place]!)),
      mine: this.#fragment(group.newMine.map((place) => mine[place]!)),
      theirs: this.#fragment(group.newTheirs.map((place) => theirs[place]!)),
    };
    const because = reasonOf(sides, isBaseKnown);
    const hash = sides.base && contentHash(sides.base);
    const itemPath = group.key !== undefined ? pathByKey(path, group.key) : hash ? `${path}[#${hash}]` : path;
    note(this.#run, { path: itemPath, elements: this.#list.group.elements, because, ...sides }, "both");
    this.#takeNew(group);
  }

  /** Keeps my new items where they are, and puts theirs into the places of what they replace, or behind. */
  #takeNew({ key, newTheirs, freeSlots }: KeyGroup): void {
    for (const [index, place] of newTheirs.entries()) {
      const item = this.#list.theirs[place];
      const slot = key === undefined ? undefined : freeSlots[index];
      if (slot === undefined) this.#behind[place] = item;
      else this.#inMine[slot] = item;
    }
  }

  #mergeItem(sides: ThreeSides<JsonValue>): JsonValue | undefined {
    const { base, mine, theirs } = sides;
    if (equalContent(mine, theirs)) return mine;
    if (base !== undefined && equalContent(base, mine)) return theirs;
    if (base !== undefined && equalContent(base, theirs)) return mine;

    const path = itemPath(this.#keys, this.#list.path, (base ?? mine ?? theirs)!);
    const { typeName } = this.#list.group;
    const isKnownByKey = base !== undefined && this.#keys.keyOf(base) !== undefined;
    if (isKnownByKey && isMemberwise(typeName) && isJsonObject(base) && isJsonObject(mine) && isJsonObject(theirs)) {
      return this.#mergeMembers(shapeOf(typeName!), path, { base, mine, theirs }, this.#run);
    }
    const fragments = { base: this.#fragment(base), mine: this.#fragment(mine), theirs: this.#fragment(theirs) };
    const because = reasonOf(fragments, this.#list.isBaseKnown);
    const shown = sideToShow(this.#run.type, this.#list.group.path, fragments);
    note(this.#run, { path, elements: this.#list.group.elements, because, ...fragments }, shown);
    return sides[shown];
  }

  #place(inMine: number | undefined, inTheirs: number | undefined, item: JsonValue | undefined): void {
    if (inMine !== undefined) this.#inMine[inMine] = item;
    else if (inTheirs !== undefined) this.#behind[inTheirs] = item;
  }

  #sidesAt(base: number | undefined, mine: number | undefined, theirs: number | undefined): ThreeSides<JsonValue> {
    const list = this.#list;
    return {
      base: base === undefined ? undefined : list.base[base],
      mine: mine === undefined ? undefined : list.mine[mine],
      theirs: theirs === undefined ? undefined : list.theirs[theirs],
    };
  }

  /** Tells whether a key is meant for one item, as far as the three lists show; of identifiers it always is. */
  #isForOne(key: string): boolean {
    if (this.#keys.keepsBoth) return true;
    this.#sharedKeys ??= new Set(
      [this.#list.base, this.#list.mine, this.#list.theirs].flatMap((items) => this.#keysSharedIn(items)),
    );
    return !this.#sharedKeys.has(key);
  }

  #keysSharedIn(items: readonly JsonValue[]): string[] {
    const keys = new Set<string>();
    return items.flatMap((item) => {
      const key = this.#keys.keyOf(item);
      if (key === undefined) return [];
      if (keys.has(key)) return [key];
      keys.add(key);
      return [];
    });
  }

  #areAllSuccessors(group: KeyGroup): boolean {
    const before = this.#list.base[group.gone[0]!]!;
    return this.#newItems(group).every((item) => isSuccessor(before, item));
  }

  #isAnySuccessor(group: KeyGroup): boolean {
    const items = this.#newItems(group);
    if (items.length * group.gone.length > comparisonsMax) return true;
    return group.gone.some((place) => items.some((item) => isSuccessor(this.#list.base[place]!, item)));
  }

  #newItems({ newMine, newTheirs }: KeyGroup): JsonValue[] {
    const { mine, theirs } = this.#list;
    return [...newMine.map((place) => mine[place]!), ...newTheirs.map((place) => theirs[place]!)];
  }

  #fragment(items: JsonValue | undefined): JsonObject | undefined {
    if (items === undefined) return undefined;
    const list = Array.isArray(items) ? items : [items];
    return list.length > 0 ? { [this.#list.group.name]: list } : undefined;
  }
}

/** Tells whether an item without a key looks like what became of another: at least half of its members are the same. */
function isSuccessor(before: JsonValue, after: JsonValue): boolean {
  if (!isJsonObject(before) || !isJsonObject(after)) return false;
  const names = Object.keys(after);
  const same = names.filter((name) => equalContent(before[name], after[name])).length;
  return same * 2 >= Math.max(names.length, Object.keys(before).length);
}
