import { ahead } from "./pull/ahead.ts";

/** Some consecutive entries of a source, and the marker that stands behind the last of them. */
export interface Stretch<Entry, Marker> {
  readonly entries: readonly Entry[];
  readonly through: Marker;
}

/** One answer to a fetch: what came, and what the source says it does not have. */
export interface Fetched<Entry, Content> {
  readonly contents: readonly Content[];
  readonly missing: readonly Entry[];
  /** Whether another answer to the same fetch certainly follows; nobody knows when it is left out. */
  readonly hasMore?: boolean;
}

/** Where changes come from: it announces them in order, and hands over the content of those that are asked for. */
export interface Source<Entry, Content, Marker> {
  /** The stretches behind a marker, up to the source's present end. */
  stretches(after: Marker | undefined, signal: AbortSignal): AsyncIterable<Stretch<Entry, Marker>>;
  /** The content of some entries, in batches that suit the line. */
  fetch(entries: readonly Entry[], signal: AbortSignal): AsyncIterable<Fetched<Entry, Content>>;
  /** The content of records that were not announced, as far as the source has it at hand. */
  seek?(entries: readonly Entry[], signal: AbortSignal): Promise<readonly Content[]>;
}

/** What is to be made durable together. */
export interface Portion<Entry, Content, Marker> extends Fetched<Entry, Content> {
  /** Entries that need no content: already here, or deletions. */
  readonly settled: readonly Entry[];
  /** Where the marker may stand once this portion is durable; absent while more of its stretch is to come. */
  readonly through: Marker | undefined;
}

/** Where changes go: it says which it wants, and takes them in. */
export interface Target<Entry, Content, Marker> {
  /** How far the target is; `undefined` before the first time. */
  marker(): Promise<Marker | undefined>;
  /** The filter: which of these entries need their content. A hint only; `apply` decides again, under lock. */
  select(entries: readonly Entry[]): Promise<{ readonly wanted: readonly Entry[]; readonly settled: readonly Entry[] }>;
  /** Which records these contents refer to that the target has never had; told of each record once. */
  lackedBy?(contents: readonly Content[]): Promise<readonly Entry[]>;
  /** Makes a portion durable, the marker's move included, in one transaction. */
  apply(portion: Portion<Entry, Content, Marker>): Promise<void>;
}

/**
 * Portions that are ready while one is being applied. A portion takes several questions, the later of which wait for the
 * earlier ones: with one portion only, the target would wait for the last of them.
 */
const portionsAhead = 2;

/**
 * The one loop of the engine: brings a target to where its source is. Pull and push are this loop with its ends
 * exchanged.
 *
 * 1. The source announces a stretch of entries behind the target's marker.
 * 2. The target selects those whose content it lacks; the source hands that over in batches.
 * 3. What a batch refers to and the target has never had is sought at once, so that nothing comes before what it needs.
 * 4. The target makes each batch durable; the last of a stretch moves the marker in the same transaction.
 *
 * The next batch is on its way while the last one is being applied. It can be broken off anywhere and started again:
 * what was applied is settled then, and the marker never stands before its data.
 */
export async function replicate<Entry, Content, Marker>(
  source: Source<Entry, Content, Marker>,
  target: Target<Entry, Content, Marker>,
  signal: AbortSignal,
): Promise<void> {
  const from = await target.marker();
  for await (const portion of ahead(portions(source, target, from, signal), portionsAhead)) {
    signal.throwIfAborted();
    await target.apply(portion);
  }
}

async function* portions<Entry, Content, Marker>(
  source: Source<Entry, Content, Marker>,
  target: Target<Entry, Content, Marker>,
  from: Marker | undefined,
  signal: AbortSignal,
): AsyncGenerator<Portion<Entry, Content, Marker>> {
  for await (const { entries, through } of ahead(source.stretches(from, signal))) {
    const { wanted, settled } = await target.select(entries);
    let last: Fetched<Entry, Content> = { contents: [], missing: [] };
    for await (const { contents, missing, hasMore } of fetchWithNeeds(source, target, wanted, signal)) {
      if (last.contents.length + last.missing.length > 0) yield { ...last, settled: [], through: undefined };
      last = { contents, missing };
      if (!hasMore) continue;
      yield { ...last, settled: [], through: undefined };
      last = { contents: [], missing: [] };
    }
    yield { ...last, settled, through };
  }
}

/**
 * The content of some entries, each batch led by what it refers to and the target has never had: by whichever road records
 * come, none comes before what it needs.
 */
export async function* fetchWithNeeds<Entry, Content, Marker>(
  source: Source<Entry, Content, Marker>,
  target: Target<Entry, Content, Marker>,
  entries: readonly Entry[],
  signal: AbortSignal,
): AsyncGenerator<Fetched<Entry, Content>> {
  for await (const fetched of ahead(source.fetch(entries, signal))) {
    yield { ...fetched, contents: await withWhatTheyNeed(source, target, fetched.contents, signal) };
  }
}

/** References lead from an observation to its visit, its place, the place around it: more steps than that are not gone. */
const stepsMax = 8;

/** Some contents, led by what they refer to and the target has never had, as far as the source has it at hand. */
export async function withWhatTheyNeed<Entry, Content, Marker>(
  source: Source<Entry, Content, Marker>,
  target: Target<Entry, Content, Marker>,
  contents: readonly Content[],
  signal: AbortSignal,
): Promise<readonly Content[]> {
  let found = contents;
  const all = [contents];
  for (let step = 0; step < stepsMax && found.length > 0; step++) {
    const lacking = (await target.lackedBy?.(found)) ?? [];
    found = lacking.length > 0 ? ((await source.seek?.(lacking, signal)) ?? []) : [];
    all.unshift(found);
  }
  return all.flat();
}
