import type { JsonObject } from "@tributary/fhir";

/**
 * An element that both sides changed, each in its own way. It blocks nothing: the merged body shows a value, and the
 * other one is kept here until somebody decides.
 *
 * `base`, `mine` and `theirs` are fragments: objects that hold the members as they stand in the resource,
 * `{ "deceasedBoolean": true }`, `{ "status": "stopped", "statusReason": { … } }`, `{ "name": [{ … }] }` for one item of
 * a list, the whole body for a whole record. A side that has nothing there is `undefined`.
 */
export interface ContestedElement {
  /**
   * Where it is, as a FHIRPath expression: `Patient.birthDate`, `Patient.name.where(use='official')`,
   * `Observation.value`, `Patient` for the whole record. An item of a list that is known by nothing but its content is
   * `Patient.photo[#9ae16a3b]`, by a hash of what the base had; one with a long key, by a hash of that.
   */
  readonly path: string;
  /** The elements that are decided together; empty for the whole record. */
  readonly elements: readonly string[];
  readonly because: ContestReason;
  readonly base: JsonObject | undefined;
  readonly mine: JsonObject | undefined;
  readonly theirs: JsonObject | undefined;
  /** Which side's value stands in the merged body; `both` in a list that keeps both, `other` if a strategy made one. */
  readonly shown: "mine" | "theirs" | "both" | "other";
  /** The rule that has decided already. Nobody has to act; the entry keeps the value that gave way. */
  readonly settledBy?: SettlingRule;
}

/**
 * Why an element is contested: both sides changed it; one edited what the other removed; there is no base to tell who
 * changed it; or each change is valid alone and together they are not.
 */
export type ContestReason = "both-changed" | "edit-and-removal" | "no-base" | "invalid-together";

/** The rules that decide by themselves between two values. */
export type SettlingRule = "parent-wins" | "child-wins" | "latest-wins" | "strategy";

/** Gives the entries the one order that does not depend on which side is which. */
export function inOrderOfPath(contested: readonly ContestedElement[]): ContestedElement[] {
  return contested.toSorted((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0));
}
