import type { Mutation } from "./mutation.ts";

const sync = "packages/sync/src";
const laterBody = `sideOf((record.writtenAt ?? 0) > current.lastUpdated ? record.body : (current.body ?? null))`;

/** Bugs of how two versions become one. */
export const mergeMutations: readonly Mutation[] = [
  {
    name: "later-clock-wins",
    story: "Of two edits the one with the later time stays, and the other is gone.",
    caughtBy: ["I2", "I4", "I14"],
    edits: [
      { room: `${sync}/push`, find: `mine: sideOf(current.body ?? null),`, replace: `mine: ${laterBody},` },
      { room: `${sync}/push`, find: `theirs: sideOf(record.body),`, replace: `theirs: ${laterBody},` },
    ],
  },
  {
    name: "items-by-place",
    story: "Items of a list are taken for the same by their places, and one becomes half of another.",
    caughtBy: ["I3", "I13"],
    edits: [
      {
        room: `${sync}/conflict/merge`,
        find: `for (let place = 0; place < agreed; place++) pairs.push({ base: place, mine: place, theirs: place });`,
        replace: `for (let place = agreed; place >= 0; place++) {
    const at = Object.fromEntries(Object.entries(lists).filter(([side]) => ["base", "mine", "theirs"].includes(side))
      .filter(([, items]) => place < items.length).map(([side]) => [side, place]));
    if (Object.keys(at).length === 0) break;
    pairs.push(at);
  }
  for (let place = 0; place < agreed; place++) pairs.push({ base: place, mine: place, theirs: place });
  if (agreed >= 0) return { pairs, onlyBase: [], onlyMine: [], onlyTheirs: [] };`,
      },
    ],
    tests: [
      {
        path: `${sync}/conflict/merge/merge-resources.test.ts`,
        title: "[S25] keep their edits when the other side puts a new item before them",
      },
    ],
  },
  {
    name: "conflict-over-conflict",
    story: "A second conflict of an element takes the place of the first, and with it what the first had kept.",
    caughtBy: ["I2"],
    edits: [
      {
        room: `${sync}/push`,
        find: `conflictId: newUuid(clock, random),`,
        replace: `conflictId: nameOfPlace(type + id + element.path),`,
      },
      {
        room: `${sync}/push`,
        find: `/** What met: the parent's bodies stand in its history, the child's is copied. */`,
        replace: `function nameOfPlace(text: string): string {
  let sum = 0n;
  for (const character of text) sum = (sum * 131n + BigInt(character.codePointAt(0) ?? 0)) % 2n ** 128n;
  return sum.toString(16).padStart(32, "0").replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-7$3-8$4-$5");
}`,
      },
    ],
  },
];
