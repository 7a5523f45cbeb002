/** One place where a mutation changes the source: `find` stands there exactly once. */
export interface SourceEdit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A bug that a system of this kind has had, and the invariant by which a simulation must find it. */
export interface Mutation {
  readonly name: string;
  /** What the bug did to its users. */
  readonly story: string;
  /** The invariants that may catch it; a network that never comes to rest (`I11`) or a defect is caught as well. */
  readonly caughtBy: readonly string[];
  readonly edits: readonly SourceEdit[];
}

const sync = "packages/sync/src";

export const mutations: readonly Mutation[] = [
  {
    name: "marker-before-data",
    story: "The marker moves although the records behind it were not written: a crash skips them for ever.",
    caughtBy: ["I1", "I7", "I11"],
    edits: [
      {
        file: `${sync}/pull/local-target.ts`,
        find: `    const tally = await database.transaction(async (tx) => {`,
        replace: `    if (portion.through) {
      const through = portion.through;
      await database.transaction((tx) => putStreamMarker(tx, parent, stream, through, clock.now()));
    }
    const tally = await database.transaction(async (tx) => {`,
      },
    ],
  },
  {
    name: "no-idempotency",
    story: "A unit that comes twice takes effect twice.",
    caughtBy: ["I2", "I6"],
    edits: [
      {
        file: `${sync}/push/push-verdicts.ts`,
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
        file: `${sync}/push/judge-unit.ts`,
        find: `(!here || (here.version === baseVersion && record.baseBody === null && isBase(record, here)))`,
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
        file: `${sync}/push/judge-unit.ts`,
        find: `} else if (!here || (here.version === baseVersion && record.baseBody === null && isBase(record, here))) {`,
        replace: `} else {`,
      },
    ],
  },
  {
    name: "own-version-as-base",
    story: "After a push the sender takes its own latest version for what both ends agreed on.",
    caughtBy: ["I2", "I1"],
    edits: [
      {
        file: `${sync}/push/settle-unit.ts`,
        find: `if (here && here.version > same.localVersion) return { ...same, differs: true };`,
        replace: `if (here && here.version > same.localVersion) return { ...same, localVersion: here.version };`,
      },
    ],
  },
  {
    name: "pull-overwrites-edits",
    story: "A pull replaces an edit that has not reached the parent.",
    caughtBy: ["I2", "I4"],
    edits: [
      {
        file: `${sync}/pull/decide-entry.ts`,
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
        file: `${sync}/rounds/round-outcome.ts`,
        find: `if (error) return isRefusal(error) ? "refused" : "interrupted";`,
        replace: `if (error) return "complete";`,
      },
    ],
  },
  {
    name: "swallow-missing",
    story: "A record that the parent could not give is passed over in silence.",
    caughtBy: ["I16", "I1"],
    edits: [
      {
        file: `${sync}/pull/failed-pulls.ts`,
        find: `await putFailures(tx, [[`,
        replace: `if (failure.reason !== "edited-here") return;
  await putFailures(tx, [[`,
      },
    ],
  },
  {
    name: "clock-decides-retry",
    story: "What failed under a clock that was set back since waits until that time comes again.",
    caughtBy: ["I11"],
    edits: [
      {
        file: `${sync}/pull/failed-pulls.ts`,
        find: `(next_attempt_at <= $2 or last_failed_at > $2)`,
        replace: `next_attempt_at <= $2`,
      },
    ],
  },
  {
    name: "no-digest",
    story: "A bit that flips on the way is taken over with the rest of an answer.",
    caughtBy: ["I1", "I3", "defect"],
    edits: [
      {
        file: `${sync}/pull/parent-connection.ts`,
        find: `if (answer.headers[digestHeader] === digestOfBody(answer.body)) return answer;`,
        replace: `return answer;`,
      },
    ],
  },
  {
    name: "late-verdict-moves-base-back",
    story: "The verdict on an edit comes after a pull has moved on, and puts the base back.",
    caughtBy: ["I11"],
    edits: [
      {
        file: `${sync}/push/settle-unit.ts`,
        find: `isOvertaken(before, record, one) ? before : undefined`,
        replace: `isOvertaken(before, record, one) && one.version < 0 ? before : undefined`,
      },
    ],
  },
  {
    name: "unborn-waited-for",
    story: "A unit waits for ever for a record that was deleted before its parent saw it.",
    caughtBy: ["I11"],
    edits: [
      {
        file: `${sync}/push/judge-unit.ts`,
        find: `for (const { type, id } of unborn) targets.delete(`,
        replace: `for (const { type, id } of [] as typeof unborn) targets.delete(`,
      },
      { file: `${sync}/push/judge-unit.ts`, find: `await noteUnborn(tx, unborn);`, replace: `` },
    ],
  },
  {
    name: "base-by-number-alone",
    story: "A restored parent's other version under the agreed number is taken for the base.",
    caughtBy: ["I2"],
    edits: [
      {
        file: `${sync}/push/judge-unit.ts`,
        find: `return baseDigest === null || baseDigest === (bodyHash === null ? "" : bodyDigestOf(bodyHash));`,
        replace: `return baseDigest !== bodyHash;`,
      },
    ],
  },
  {
    name: "overtaken-edit-comes-back",
    story: "An edit that both ends have agreed to delete is sent late, and brings the record back.",
    caughtBy: ["I4", "I2"],
    edits: [
      { file: `${sync}/push/judge-unit.ts`, find: `if (record.isSuperseded) {`, replace: `if (record.type === "") {` },
    ],
  },
  {
    name: "deletions-stay-away",
    story: "A deletion at the parent is not taken over.",
    caughtBy: ["I1", "I4"],
    edits: [
      {
        file: `${sync}/pull/decide-entry.ts`,
        find: `return change.isDeleted ? { kind: "delete" } : { kind: "take" };`,
        replace: `return change.isDeleted ? { kind: "never-mind" } : { kind: "take" };`,
      },
    ],
  },
  {
    name: "pulled-data-goes-back",
    story: "What came from the parent is pushed to it again, round after round.",
    caughtBy: ["I11"],
    edits: [
      {
        file: `${sync}/push/queue/own-changes.ts`,
        find: `?.localVersion ?? 0));`,
        replace: `?.localVersion ?? 0) * 0);`,
      },
    ],
  },
];
