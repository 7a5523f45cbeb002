/** A bug that systems of this kind have had in the field, and what puts it back here. */
export interface HistoricBug {
  readonly bug: string;
  /** Who had it, where that is known. */
  readonly seenIn?: string;
  readonly invariant: string;
  readonly mutations: readonly [string, ...string[]];
}

/** Every bug that the tests have to find: what the field has taught. */
export const historicBugs: readonly HistoricBug[] = [
  {
    bug: "The sender's own version is stored as the one that both ends have",
    seenIn: "Sync 2.0",
    invariant: "I2",
    mutations: ["own-version-as-base", "late-verdict-moves-base-back", "base-by-number-alone"],
  },
  {
    bug: "The first contact overwrites",
    seenIn: "Sync 2.0",
    invariant: "I2",
    mutations: ["first-contact-overwrites", "pull-overwrites-edits"],
  },
  { bug: "The marker is written before the data", seenIn: "CHT", invariant: "I7", mutations: ["marker-before-data"] },
  { bug: "An answer of 404 is swallowed", seenIn: "Sync 2.0", invariant: "I16", mutations: ["swallow-missing"] },
  { bug: "A time is the cursor", seenIn: "Android FHIR SDK", invariant: "I1", mutations: ["time-as-cursor"] },
  { bug: "Sequence numbers become visible out of order", invariant: "I1", mutations: ["positions-before-commit"] },
  { bug: "The last writer wins, by the clock", invariant: "I2", mutations: ["later-clock-wins", "last-writer-wins"] },
  { bug: "Lists are patched by place", seenIn: "Android FHIR SDK", invariant: "I3", mutations: ["items-by-place"] },
  { bug: "Nobody is told of an exit", seenIn: "CHT", invariant: "I5", mutations: ["exit-not-announced"] },
  { bug: "Late edits are dropped on a 403", invariant: "I19", mutations: ["late-edits-refused"] },
  {
    bug: "The head of the line blocks it",
    seenIn: "Android FHIR SDK",
    invariant: "I10",
    mutations: ["one-holds-up-all"],
  },
  { bug: "A request that is repeated takes effect again", invariant: "I6", mutations: ["no-idempotency"] },
  {
    bug: "A deletion is forgotten too early",
    invariant: "I4",
    mutations: ["deletion-forgotten", "overtaken-edit-comes-back", "deletions-stay-away"],
  },
  { bug: "The child is left to filter", seenIn: "Sync 2.0", invariant: "I5", mutations: ["filter-at-child"] },
  { bug: "A conflict overwrites an older one", invariant: "I2", mutations: ["conflict-over-conflict"] },
  { bug: "Numbers are given again after a restore", invariant: "I15", mutations: ["names-used-again"] },
  { bug: "Pulled data is pushed again", invariant: "I12", mutations: ["pulled-data-goes-back"] },
  {
    bug: "A transaction is cut in two",
    invariant: "I8",
    mutations: ["transaction-cut-in-two", "compartment-in-parts", "merged-before-its-references"],
  },
  { bug: "Unknown fields are dropped", invariant: "I18", mutations: ["unknown-elements-dropped"] },
  {
    bug: "A bundle that was taken in part counts as taken",
    seenIn: "Android FHIR SDK",
    invariant: "I2",
    mutations: ["refused-part-forgotten"],
  },
  { bug: "A time-out is a success", seenIn: "CHT", invariant: "I16", mutations: ["success-on-time-out"] },
  {
    bug: "A restored parent passes for the one that was read",
    invariant: "I15",
    mutations: ["same-change-same-history", "read-ahead-unnoticed", "sent-before-it-is-met"],
  },
  {
    bug: "Found here, by simulated networks",
    invariant: "I11",
    mutations: ["unanswered-patients-stay", "clock-decides-retry", "no-digest", "unborn-waited-for"],
  },
];

/** Which bugs a mutation stands for. */
export function bugsOf(mutation: string): readonly string[] {
  return historicBugs
    .filter(({ mutations }) => mutations.includes(mutation))
    .map(({ bug, seenIn }) => (seenIn ? `${bug} (${seenIn})` : bug));
}
