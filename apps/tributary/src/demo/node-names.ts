/** The nodes of the demonstration; a person reads these names in the console. */
export const nodeNames = {
  parent: "hospital",
  /** The clinics that are there from the start. */
  first: "north-clinic",
  second: "south-clinic",
  /** The one that joins late, and begins from a snapshot. */
  late: "east-clinic",
  /** The one that goes silent at the end. */
  silent: "island-clinic",
} as const;
