/**
 * One place where a mutation changes the source: `find` stands exactly once in the sources of its room, a folder with
 * all below it. It may move from file to file in there.
 */
export interface SourceEdit {
  readonly room: string;
  readonly find: string;
  readonly replace: string;
}

/** A test that must fail with the mutation, by a part of its title. */
export interface WitnessTest {
  readonly path: string;
  readonly title: string;
}

/** A bug that a system of this kind has had, put back into the engine while a hunt is on. */
export interface Mutation {
  readonly name: string;
  /** What the bug did to its users. */
  readonly story: string;
  /** The invariants that it breaks: a simulated network must find one of them broken, or the tests stand for them. */
  readonly caughtBy: readonly string[];
  readonly edits: readonly SourceEdit[];
  /** The tests that see what no simulated network can see, or sees too seldom; simulated networks hunt when absent. */
  readonly tests?: readonly WitnessTest[];
}
