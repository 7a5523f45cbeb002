import type { Mutation } from "./mutation.ts";

const sync = "packages/sync/src";

/** Bugs of what a child takes from its parent. */
export const pullMutations: readonly Mutation[] = [
  {
    name: "marker-before-data",
    story: "The marker moves although the records behind it were not written: a crash skips them for ever.",
    caughtBy: ["I7", "I1"],
    edits: [
      {
        room: `${sync}/pull`,
        find: `    const tally = await database.transaction(async (tx) => {`,
        replace: `    if (portion.through) {
      const through = portion.through;
      await database.transaction((tx) => advanceStreamMarker(tx, parent, stream, through, clock.now()));
    }
    const tally = await database.transaction(async (tx) => {`,
      },
    ],
  },
  {
    name: "pull-overwrites-edits",
    story: "A pull replaces an edit that has not reached the parent.",
    caughtBy: ["I2", "I4"],
    edits: [
      {
        room: `${sync}/pull`,
        find: `return { kind: "edited-here" };`,
        replace: `return change.isDeleted ? { kind: "delete" } : { kind: "take" };`,
      },
    ],
  },
  {
    name: "success-on-time-out",
    story: "A round that was broken off says that it is complete.",
    caughtBy: ["I16"],
    edits: [
      {
        room: sync,
        find: `if (error) return isRefusal(error) ? "refused" : "interrupted";
  return left`,
        replace: `if (error) return "complete";
  return left`,
      },
    ],
  },
  {
    name: "swallow-missing",
    story: "A record that the parent could not give is passed over in silence.",
    caughtBy: ["I16", "I1"],
    edits: [
      {
        room: `${sync}/pull`,
        find: `await putFailures(tx, [[`,
        replace: `if (failure.reason !== "edited-here") return;
  await putFailures(tx, [[`,
      },
    ],
    tests: [
      {
        path: `${sync}/pull/pull.test.ts`,
        title: "[S10] notes a record that the parent announced and does not have, and takes in the others",
      },
    ],
  },
  {
    name: "clock-decides-retry",
    story: "What failed under a clock that was set back since waits until that time comes again.",
    caughtBy: ["I11", "I14"],
    edits: [
      {
        room: `${sync}/pull`,
        find: `(next_attempt_at <= $2 or last_failed_at > $2)`,
        replace: `next_attempt_at <= $2`,
      },
    ],
    tests: [
      {
        path: `${sync}/pull/failed-pulls.test.ts`,
        title: "[S18] that failed under a clock which was set back since is due at once",
      },
    ],
  },
  {
    name: "no-digest",
    story: "A bit that flips on the way is taken over with the rest of an answer.",
    caughtBy: ["I1", "I3", "I11", "defect"],
    edits: [
      {
        room: `${sync}/pull`,
        find: `if (answer.headers[digestHeader] === digestOfBody(answer.body)) return answer;`,
        replace: `return answer;`,
      },
    ],
    tests: [
      {
        path: `${sync}/line/body-digest.test.ts`,
        title: "[S44] is refused as a whole when a single bit of an answer has changed, and comes again unharmed",
      },
    ],
  },
  {
    name: "deletions-stay-away",
    story: "A deletion at the parent is not taken over.",
    caughtBy: ["I1", "I4"],
    edits: [
      {
        room: `${sync}/pull`,
        find: `return change.isDeleted ? { kind: "delete" } : { kind: "take" };`,
        replace: `return change.isDeleted ? { kind: "never-mind" } : { kind: "take" };`,
      },
    ],
  },
  {
    name: "transaction-cut-in-two",
    story:
      "What was written in one transaction comes in parts: a visit is there without its patient when the line breaks.",
    caughtBy: ["I8"],
    edits: [
      {
        room: `${sync}/pull`,
        find: `groups.add(key, entry.transaction);`,
        replace: `groups.add(key, null);`,
      },
    ],
    tests: [
      {
        path: `${sync}/pull/causality.test.ts`,
        title: "[S200] never has a part of what the parent changed in one transaction",
      },
    ],
  },
  {
    name: "unknown-elements-dropped",
    story: "A program of an earlier version leaves out what it does not know, and sends back a smaller record.",
    caughtBy: ["I18"],
    edits: [
      {
        room: `${sync}/pull`,
        find: `      body: body ?? undefined,
      bodyHash,`,
        replace: `      body: body?.replace(/,"futureElement":\\{[^}]*\\}/, ""),
      bodyHash: null,`,
      },
    ],
    tests: [
      {
        path: `${sync}/versions/versions.test.ts`,
        title: "[S157] takes in types and elements that it does not know, to the byte",
      },
    ],
  },
  {
    name: "same-change-same-history",
    story: "A restored parent that is told the same change again at the same place passes for the one that was read.",
    caughtBy: ["I15", "I1"],
    edits: [
      {
        room: `${sync}/stream`,
        find: `entry.bodyDigest, entry.transaction];`,
        replace: `entry.bodyDigest];`,
      },
    ],
    tests: [
      {
        path: `${sync}/restore/repeated-entry.test.ts`,
        title: "[S151] is noticed where the same change comes to the same place again",
      },
    ],
  },
  {
    name: "read-ahead-unnoticed",
    story: "What was read ahead of its stream is not remembered: a parent that is put back to before it is believed.",
    caughtBy: ["I15", "I1", "I2"],
    edits: [
      {
        room: `${sync}/pull`,
        find: `if (!latest) return;`,
        replace: `if (!latest || latest) return;`,
      },
    ],
    tests: [
      {
        path: `${sync}/restore/forgotten-decision.test.ts`,
        title: "[S202] is open again at both ends, whatever the parent",
      },
      {
        path: `${sync}/restore/read-beyond-marker.test.ts`,
        title: "[S202] is sent to a parent that was restored to before it",
      },
    ],
  },
  {
    name: "sent-before-it-is-met",
    story: "An edit is sent to a parent that has another history, before it is known what that has lost.",
    caughtBy: ["I15", "I8"],
    edits: [
      {
        room: `${sync}/rounds`,
        find: `      await database.transaction((tx) => beginOffer(tx, parent));
`,
        replace: ``,
      },
    ],
    tests: [
      {
        path: `${sync}/restore/unfinished-offer.test.ts`,
        title: "[S227] is met before an edit is sent, where the line broke as soon as that was noticed",
      },
    ],
  },
];
