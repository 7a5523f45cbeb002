import type { Database } from "@tributary/database";
import { type ResourceKey, type ResourceStore, referenceTo, type StoredVersion } from "@tributary/fhir";
import type { Clock } from "@tributary/kernel";
import { type PolicySource, rulesNow } from "../conflict/merge/policy/policy-source.ts";
import type { ParentLine } from "../parent-line.ts";
import { type LinkBase, readLinkBases } from "../pull/link-base.ts";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import type { SelectedPage, SelectedRecord } from "./find-selected.ts";
import type { ManualRequest } from "./manual-request.ts";
import { type PreviewInput, previewRecord, type RecordPreview } from "./preview-record.ts";
import { entryOf } from "./pull-selected.ts";
import { selectedAtEither, selectedHere, selectedThere } from "./selected-pages.ts";
import type { Selection } from "./selection.ts";

/** Records compared at a time; their bodies of both ends are in memory together. */
const recordsPerStep = 100;

export interface PreviewOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly line: Pick<ParentLine, "link" | "connection" | "source">;
  readonly policies?: PolicySource | undefined;
}

/**
 * Tells, record by record, what a synchronization by hand would do at both ends and what would be contested. It asks the
 * parent for the versions of all and for the content of those that differ, and writes nothing at either end. Throws what
 * the line throws.
 */
export async function previewSelection(
  { selection, directions }: ManualRequest,
  options: PreviewOptions,
  signal: AbortSignal,
): Promise<RecordPreview[]> {
  const { connection } = options.line;
  const chosen = new Map<string, ResourceKey>();
  const there = new Map<string, SelectedRecord>();
  const isPush = directions.includes("push");
  const isBoth = isPush && directions.includes("pull");
  const meant = isBoth ? await selectedAtEither(connection, options, selection, signal) : selection;
  if (isPush) {
    for await (const page of selectedHere(options, meant, signal)) note(chosen, page);
  }
  const asked: Selection = isPush ? { kind: "references", references: [...chosen.values()] } : meant;
  for await (const page of selectedThere(connection, asked, signal)) {
    note(chosen, page);
    for (const record of page.records) there.set(referenceTo(record), record);
  }
  const previews: RecordPreview[] = [];
  const policies = rulesNow(options.policies);
  for (const keys of chunks([...chosen.values()], recordsPerStep)) {
    const inputs = await inputsFor(keys, there, options, signal);
    previews.push(...inputs.map((input) => previewRecord({ ...input, directions, policies })));
  }
  return previews;
}

function note(chosen: Map<string, ResourceKey>, { records, missing }: SelectedPage): void {
  for (const { type, id } of [...records, ...missing]) chosen.set(`${type}/${id}`, { type, id });
}

async function inputsFor(
  keys: readonly ResourceKey[],
  there: ReadonlyMap<string, SelectedRecord>,
  { database, store, line }: PreviewOptions,
  signal: AbortSignal,
): Promise<Omit<PreviewInput, "directions">[]> {
  const { parent } = line.link;
  const here = await store.readMany(database, keys);
  const bases = await readLinkBases(database, parent, keys);
  const told = keys.flatMap((key) => there.get(referenceTo(key)) ?? []);
  const different = told.filter((record) => !record.isDeleted && !isSame(here.get(referenceTo(record)), record));
  const bodies = new Map<string, { readonly version: number; readonly body: string | null }>();
  for await (const { contents } of line.source.fetch(different.map(entryOf), signal)) {
    for (const one of contents) bodies.set(referenceTo(one), one);
  }
  return Promise.all(
    keys.map(async (key) => {
      const name = referenceTo(key);
      const stored = here.get(name);
      const record = there.get(name);
      const base = bases.get(name);
      return {
        key,
        here: stored && { version: stored.version, body: stored.body ?? null },
        there: record && (bodies.get(name) ?? { version: record.version, body: sameBody(stored, record) }),
        base: base && { ...base, body: await baseBody(database, store, base, stored) },
      };
    }),
  );
}

function isSame(stored: StoredVersion | undefined, { bodyDigest }: SelectedRecord): boolean {
  return stored?.bodyHash != null && bodyDigestOf(stored.bodyHash) === bodyDigest;
}

function sameBody(stored: StoredVersion | undefined, { isDeleted }: SelectedRecord): string | null {
  return isDeleted ? null : (stored?.body ?? null);
}

async function baseBody(
  database: Database,
  store: ResourceStore,
  base: LinkBase,
  stored: StoredVersion | undefined,
): Promise<string | null | undefined> {
  if (stored?.version === base.localVersion) return stored.body ?? null;
  const agreed = await store.readVersion(database, { type: base.type, id: base.id }, base.localVersion);
  return agreed && (agreed.body ?? null);
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
