import type { Mutation } from "./mutation.ts";

const sync = "packages/sync/src";

/** Bugs of what a child tells its parent, and of how that one judges it. */
export const pushMutations: readonly Mutation[] = [
  {
    name: "no-idempotency",
    story: "A unit that comes twice takes effect twice.",
    caughtBy: ["I2", "I6"],
    edits: [
      {
        room: `${sync}/push`,
        find: `return row ? (JSON.parse(row.verdict) as UnitVerdict) : undefined;`,
        replace: `return undefined;`,
      },
    ],
  },
  {
    name: "first-contact-overwrites",
    story: "A record without a base is taken over from the sender, whatever stands here.",
    caughtBy: ["I2"],
    edits: [
      {
        room: `${sync}/push`,
        find: `(!here || isMadeOn(record, here))`,
        replace: `(!here || baseVersion === null || here.version === baseVersion)`,
      },
    ],
  },
  {
    name: "last-writer-wins",
    story: "The later push replaces what others wrote since.",
    caughtBy: ["I2"],
    edits: [
      {
        room: `${sync}/push`,
        find: `} else if (!here || isMadeOn(record, here)) {`,
        replace: `} else {`,
      },
    ],
  },
  {
    name: "merged-before-its-references",
    story: "A verdict shows a merged record at the sender before what it refers to has come there.",
    caughtBy: ["I8"],
    edits: [
      {
        room: `${sync}/push`,
        find: `const isNews = agreed < verdict.version;`,
        replace: `const isNews = agreed > verdict.version;`,
      },
    ],
    tests: [
      {
        path: `${sync}/push/merged-references.test.ts`,
        title: "[S208] is not at the child before what it refers to, and comes with that by the pull",
      },
    ],
  },
  {
    name: "own-version-as-base",
    story: "After a push the sender takes its own latest version for what both ends agreed on.",
    caughtBy: ["I2", "I1"],
    edits: [
      {
        room: `${sync}/push`,
        find: `if (here && here.version > sent.localVersion) return { ...sent, differs: true };`,
        replace: `if (here && here.version > sent.localVersion) return { ...sent, localVersion: here.version };`,
      },
    ],
    tests: [
      {
        path: `${sync}/push/push.test.ts`,
        title: "[S31] does not contest what the child itself has changed twice around a merge",
      },
    ],
  },
  {
    name: "late-verdict-moves-base-back",
    story: "The verdict on an edit comes after a pull has moved on, and puts the base back.",
    caughtBy: ["I7", "I11"],
    edits: [
      {
        room: `${sync}/push`,
        find: `isOvertaken(before, record, one) || revived.has(record) ? before : undefined`,
        replace: `revived.has(record) ? before : undefined`,
      },
    ],
    tests: [
      {
        path: `${sync}/push/settle-unit.test.ts`,
        title: "[S229] does not put the base back behind the version that both ends have agreed on meanwhile",
      },
    ],
  },
  {
    name: "unborn-waited-for",
    story: "A unit waits for ever for a record that was deleted before its parent saw it.",
    caughtBy: ["I11"],
    edits: [{ room: `${sync}/push`, find: `await noteUnborn(tx`, replace: `void ((..._: unknown[]) => {})(tx` }],
    tests: [
      {
        path: `${sync}/push/revived-unborn.test.ts`,
        title: "[S51] is told on by a hub beside what refers to it, where nobody knows more than that it was deleted",
      },
    ],
  },
  {
    name: "base-by-number-alone",
    story: "A restored parent's other version under the agreed number is taken for the base.",
    caughtBy: ["I2"],
    edits: [
      {
        room: `${sync}/push`,
        find: `return baseDigest === null || baseDigest === (bodyHash === null ? "" : bodyDigestOf(bodyHash));`,
        replace: `return baseDigest !== bodyHash;`,
      },
    ],
    tests: [
      {
        path: `${sync}/push/push.test.ts`,
        title: "[S31] takes no version for the base that was written under its number after a restore",
      },
    ],
  },
  {
    name: "overtaken-edit-comes-back",
    story: "An edit that both ends have agreed to delete is sent late, and brings the record back.",
    caughtBy: ["I4", "I2"],
    edits: [{ room: `${sync}/push`, find: `if (record.isSuperseded) {`, replace: `if (record.type === "") {` }],
    tests: [
      {
        path: `${sync}/push/push.test.ts`,
        title:
          "[S31] changes nothing by an edit that is still to be sent when both ends have agreed on a later version",
      },
    ],
  },
  {
    name: "pulled-data-goes-back",
    story: "What came from the parent is pushed to it again, round after round.",
    caughtBy: ["I12", "I11"],
    edits: [
      {
        room: `${sync}/push/queue`,
        find: `?.localVersion ?? 0));`,
        replace: `?.localVersion ?? 0) * 0);`,
      },
    ],
  },
  {
    name: "deletion-forgotten",
    story: "A parent keeps nothing of what was deleted, and an old edit brings the record back.",
    caughtBy: ["I4"],
    edits: [
      {
        room: `${sync}/push`,
        find: `} else if (!here || isMadeOn(`,
        replace: `} else if (!here || here.operation === "delete" || isMadeOn(`,
      },
    ],
  },
  {
    name: "names-used-again",
    story: "A child that was put back from a backup counts on, and its new edits get the verdicts of the old ones.",
    caughtBy: ["I15"],
    edits: [
      {
        room: sync,
        find: `const isEarlier = told.counter < known.counter || (told.incarnation !== known.incarnation && known.counter > 0);`,
        replace: `const isEarlier = false;`,
      },
      {
        room: `${sync}/push`,
        find: `if (row?.content_digest && contentDigest && row.content_digest !== contentDigest) {`,
        replace: `if (row?.content_digest === "") {`,
      },
    ],
    tests: [
      {
        path: `${sync}/restore/restore.test.ts`,
        title: "[S150] a child restored from a backup gets back what it lost, and loses nothing that it does next",
      },
    ],
  },
  {
    name: "one-holds-up-all",
    story: "A unit on which the parent fails stays at the front of the queue, and nothing behind it is ever sent.",
    caughtBy: ["I10"],
    edits: [
      {
        room: `${sync}/push`,
        find: `if (!alone) return this.search.failed(packed.length);`,
        replace: `if (alone || !alone) throw error;`,
      },
    ],
    tests: [
      {
        path: `${sync}/push/step-over.test.ts`,
        title: "[S54] is stepped over, and the ninety-nine others are taken with at most 14 requests more",
      },
    ],
  },
  {
    name: "refused-part-forgotten",
    story:
      "Of what was sent together one part was refused; the sender takes all of it for sent, and forgets that part.",
    caughtBy: ["I2", "I16"],
    edits: [
      {
        room: `${sync}/push`,
        find: `await keepFailedUnit(tx, parent, queued.counter, { class: failureClass, reason, judgedBy, now });`,
        replace: `await dropQueuedUnit(tx, parent, queued.counter);`,
      },
    ],
    tests: [
      {
        path: `${sync}/push/push.test.ts`,
        title: "[S35] refuses an invalid unit as a whole, keeps it with its reason, and takes the others",
      },
    ],
  },
];
