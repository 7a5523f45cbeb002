import type { Mutation } from "./mutation.ts";

const catchment = "packages/sync/src/catchment";

/** Bugs of who is told of whom. */
export const catchmentMutations: readonly Mutation[] = [
  {
    name: "exit-not-announced",
    story: "Nobody tells a child that a patient has left, and the records stay there for ever.",
    caughtBy: ["I5"],
    edits: [{ room: catchment, find: `if (state !== "suspended") {`, replace: `if (state === "member") {` }],
    tests: [
      {
        path: `${catchment}/catchment-journeys.test.ts`,
        title: "[S104] receives the whole compartment of a patient who moves in, and loses that of one who moves away",
      },
    ],
  },
  {
    name: "filter-at-child",
    story: "The parent tells every child of everybody, and leaves it to the child not to look.",
    caughtBy: ["I5"],
    edits: [
      {
        room: catchment,
        find: `return patient === null ? metadataTypes.has(key.type) : held.has(patient);`,
        replace: `return patient === null ? metadataTypes.has(key.type) : held.size >= 0;`,
      },
    ],
    tests: [
      {
        path: `${catchment}/catchment-limits.test.ts`,
        title: "[S100] what is not shown is answered as what is not there",
      },
    ],
  },
  {
    name: "late-edits-refused",
    story: "An edit of a patient who has left meanwhile is answered with 403, and nobody has it any more.",
    caughtBy: ["I19"],
    edits: [
      {
        room: catchment,
        find: `...memberships.filter((one) => catchments.has(one.catchment)).map(({ patient }) => patient),`,
        replace: `...memberships
      .filter((one) => catchments.has(one.catchment) && one.state !== "left")
      .map(({ patient }) => patient),`,
      },
      { room: catchment, find: `!isHad(record) && !proven.has(record)`, replace: `!isHad(record)` },
    ],
    tests: [
      {
        path: `${catchment}/catchment-journeys.test.ts`,
        title: "[S105] has an edit taken that was made before it learned that the patient left",
      },
    ],
  },
  {
    name: "compartment-in-parts",
    story: "Of a patient who comes in some records can be seen before the others have come.",
    caughtBy: ["I8"],
    edits: [
      {
        room: catchment,
        find: `if (await isTooMuch(patient, records, options)) full.push(patient);`,
        replace: `if ((await isTooMuch(patient, records, options)) || records.length > 0) full.push(patient);`,
      },
    ],
    tests: [
      {
        path: `${catchment}/whole-compartments.test.ts`,
        title: "[S206] is at the child all at once, in whichever portions and order it comes",
      },
    ],
  },
  {
    name: "unanswered-patients-stay",
    story:
      "Who was registered at a child whose answer was lost stays there for ever after it was given another catchment.",
    caughtBy: ["I5"],
    edits: [
      {
        room: catchment,
        find: `known.has(patient) || told.has(patient)`,
        replace: `known.has(patient)`,
      },
    ],
    tests: [
      {
        path: `${catchment}/reassigned-child.test.ts`,
        title: "[S209] lets go of whom it registered when the",
      },
    ],
  },
];
