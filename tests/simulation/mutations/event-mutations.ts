import type { Mutation } from "./mutation.ts";

/** Bugs of how changes are announced. */
export const eventMutations: readonly Mutation[] = [
  {
    name: "time-as-cursor",
    story:
      "What is newer is found by its time: a change of an earlier time, by a clock that was set back, is never sent.",
    caughtBy: ["I1", "I2"],
    edits: [
      {
        room: "packages/sync/src/push",
        find: `const records = wholeTransactions(await readRecordsAfter(reader, position, recordsPerStep));`,
        replace: `const [before] = await readRecordsAfter(reader, Math.max(0, position - 1), 1);
  const all = wholeTransactions(await readRecordsAfter(reader, position, recordsPerStep));
  const newer = all.filter(({ raisedAt }) => position === 0 || !before || (raisedAt ?? 0) >= (before.raisedAt ?? 0));
  const records = newer.length > 0 ? newer : [];`,
      },
    ],
  },
  {
    name: "positions-before-commit",
    story: "A place in the stream is drawn before the commit: who reads on meanwhile never sees what commits late.",
    caughtBy: ["I1"],
    edits: [
      {
        room: "packages/events/src/sequencer",
        find: `select taken.*, sequencer.last_position + row_number() over (order by taken.id) as position`,
        replace: `select taken.*, taken.id as position`,
      },
    ],
    tests: [
      {
        path: "packages/events/src/sequencer/move-queued-events.test.ts",
        title: "[E10] a transaction that commits late comes later, and is neither lost nor waited for",
      },
    ],
  },
];
