import type { JsonValue } from "@tributary/fhir";
import { canonicalText } from "./content/canonical-text.ts";
import { equalContent } from "./content/equal-content.ts";

/** The three lists whose items are matched. */
export interface ItemLists {
  readonly base: readonly JsonValue[];
  readonly mine: readonly JsonValue[];
  readonly theirs: readonly JsonValue[];
}

/** Which items of three lists are the same thing, by their places in each. */
export interface MatchedItems {
  /** Items that at least two lists have; the place is missing for the list that lacks it. */
  readonly pairs: readonly MatchedItem[];
  /** Items that only the base had: removed by both, or edited so that they are not the same any more. */
  readonly onlyBase: readonly number[];
  readonly onlyMine: readonly number[];
  readonly onlyTheirs: readonly number[];
}

export type MatchedItem = Partial<Record<"base" | "mine" | "theirs", number>>;

/**
 * Matches items one to one, in order; three equal ones against two leave one over. Equal content comes first, then
 * equal identity, so that an item that somebody copied and edited is not taken for the one it was copied from.
 */
export function matchItems(lists: ItemLists, identityOf: (item: JsonValue) => string): MatchedItems {
  const agreed = countAgreed(lists);
  const pairs: MatchedItem[] = [];
  for (let place = 0; place < agreed; place++) pairs.push({ base: place, mine: place, theirs: place });
  let open = itemsFrom(lists, agreed);
  nameByContent(open, lists);
  open = joinAll(open);
  if (identityOf !== canonicalText) {
    for (const one of open) one.text = identityOf(itemOf(lists, one.at));
    open = joinAll(open);
  }
  const only: Record<keyof ItemLists, number[]> = { base: [], mine: [], theirs: [] };
  for (const { at, sides } of open) {
    if (sides > 1) pairs.push(at);
    else if (at.base !== undefined) only.base.push(at.base);
    else if (at.mine !== undefined) only.mine.push(at.mine);
    else if (at.theirs !== undefined) only.theirs.push(at.theirs);
  }
  return { pairs, onlyBase: only.base, onlyMine: only.mine, onlyTheirs: only.theirs };
}

/** An item on its way to being matched: its places, and the text by which it is known in this round. */
interface OpenItem {
  at: MatchedItem;
  sides: number;
  text: string;
}

/** How many items from the first on are the same in all three lists, as most are. */
function countAgreed({ base, mine, theirs }: ItemLists): number {
  const most = Math.min(base.length, mine.length, theirs.length);
  let count = 0;
  while (count < most && equalContent(base[count], mine[count]) && equalContent(base[count], theirs[count])) count += 1;
  return count;
}

function itemsFrom(lists: ItemLists, first: number): OpenItem[] {
  const items: OpenItem[] = [];
  for (const side of ["base", "mine", "theirs"] as const) {
    for (let place = first; place < lists[side].length; place++) {
      items.push({ at: { [side]: place }, sides: 1, text: "" });
    }
  }
  return items;
}

function itemOf({ base, mine, theirs }: ItemLists, at: MatchedItem): JsonValue {
  if (at.base !== undefined) return base[at.base]!;
  return at.mine !== undefined ? mine[at.mine]! : theirs[at.theirs!]!;
}

/** Up to here it is quicker to compare items with each other than to write each of them out. */
const fewItems = 16;

/** Gives items of equal content the same text. */
function nameByContent(items: readonly OpenItem[], lists: ItemLists): void {
  const values = items.map(({ at }) => itemOf(lists, at));
  for (const [index, one] of items.entries()) {
    const value = values[index]!;
    one.text =
      items.length > fewItems ? canonicalText(value) : String(values.findIndex((other) => equalContent(other, value)));
  }
}

function joinAll(items: OpenItem[]): OpenItem[] {
  return joinSide(joinSide(joinSide(items, "base", "mine"), "base", "theirs"), "mine", "theirs");
}

/** Puts together what has the one side and not the other with what is the other side's alone. */
function joinSide(items: OpenItem[], side: keyof ItemLists, other: keyof ItemLists): OpenItem[] {
  const alone = items.filter(({ at, sides }) => sides === 1 && at[other] !== undefined);
  const seeking = items.filter(({ at }) => at[side] !== undefined && at[other] === undefined);
  if (alone.length === 0 || seeking.length === 0) return items;
  // The last of each is the next to be taken.
  const free = Map.groupBy(alone.toReversed(), ({ text }) => text);
  const taken = new Set<OpenItem>();
  for (const item of seeking) {
    const match = free.get(item.text)?.pop();
    if (!match) continue;
    item.at = { ...item.at, ...match.at };
    item.sides += 1;
    taken.add(match);
  }
  if (taken.size === 0) return items;
  return items.filter((item) => !taken.has(item));
}
