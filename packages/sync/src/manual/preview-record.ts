import { type JsonObject, parseLossless, type ResourceKey, stringifyLossless } from "@tributary/fhir";
import { changedElements, type ElementChange } from "../conflict/merge/changed-elements.ts";
import type { ContestedElement } from "../conflict/merge/contested-element.ts";
import { mergeResources } from "../conflict/merge/merge-resources.ts";
import type { PolicyRule } from "../conflict/merge/policy/merge-policy.ts";
import type { Direction } from "../control/direction.ts";

/** A record's stored text, or `null` when it is deleted; `undefined` where it never was. */
export type Body = string | null | undefined;

/** What would become of a record at one end. */
export type Effect = "created" | "updated" | "deleted" | "unchanged";

/** What would happen to one record if it were synchronized now. */
export interface RecordPreview extends ResourceKey {
  readonly here: Effect;
  readonly there: Effect;
  /** The elements that would change here, and those that would change at the parent; of an update only. */
  readonly changesHere: readonly ElementChange[];
  readonly changesThere: readonly ElementChange[];
  /** What both ends have changed differently and no rule decides. */
  readonly conflicts: readonly ContestedElement[];
  /** `edited-here`: it would wait until its edit has been pushed; `not-found`: it is not where it was to come from. */
  readonly waits: "edited-here" | "not-found" | null;
}

/** What both ends have of one record. */
export interface PreviewInput {
  readonly key: ResourceKey;
  readonly directions: readonly Direction[];
  readonly here: { readonly version: number; readonly body: string | null } | undefined;
  readonly there: { readonly version: number; readonly body: string | null } | undefined;
  /** The versions that were last known to be in step, and what the one here said. */
  readonly base: { readonly localVersion: number; readonly remoteVersion: number; readonly body: Body } | undefined;
  /** The site's merge rules; only the parent's own count in the end. */
  readonly policies?: readonly PolicyRule[] | undefined;
}

/**
 * Tells what a synchronization of one record would do, by the rules that it goes by: what only one end changed is taken,
 * what both changed is merged at the parent, and a pull takes nothing over an edit that has not been pushed. Pure.
 */
export function previewRecord(input: PreviewInput): RecordPreview {
  const { key, directions, here, there, base } = input;
  const [pushes, pulls] = [directions.includes("push"), directions.includes("pull")];
  if (!(pushes && here) && !(pulls && there)) return { ...nothing(key), waits: "not-found" };
  if (here && there && here.body === there.body) return nothing(key);
  const isEditedHere = here !== undefined && here.version > (base?.localVersion ?? 0);
  if (pushes && here && (isEditedHere || !there || !pulls)) return previewPush(input, here.body);
  if (!there || (base && base.remoteVersion >= there.version)) return nothing(key);
  if (!isEditedHere) return endingWith(input, there.body, []);
  return { ...nothing(key), conflicts: merge(input, here.body, there.body).conflicts, waits: "edited-here" };
}

function previewPush(input: PreviewInput, mine: string | null): RecordPreview {
  const { there, base } = input;
  if (!there) return endingWith(input, mine, []);
  if (base && there.version === base.remoteVersion) return endingWith(input, mine, []);
  const { merged, conflicts } = merge(input, mine, there.body);
  return endingWith(input, merged, conflicts);
}

function merge({ base, policies }: PreviewInput, here: string | null, there: string | null) {
  // Whoever deleted it anew had not seen what revives it here.
  const isDeletedAnew = base?.body === null && there === null;
  const agreed = base && base.remoteVersion > 0 && !isDeletedAnew ? base.body : undefined;
  const { merged, contested } = mergeResources({
    ...(agreed === undefined ? {} : { base: resourceOf(agreed) ?? "deleted" }),
    mine: resourceOf(there) ?? "deleted",
    theirs: resourceOf(here) ?? "deleted",
    ...(policies ? { policies } : {}),
  });
  return {
    merged: merged === "deleted" ? null : stringifyLossless(merged),
    conflicts: contested.filter(({ settledBy }) => settledBy === undefined),
  };
}

/** What it means at both ends that the record says `after` in the end. */
function endingWith(
  { key, here, there }: PreviewInput,
  after: string | null,
  conflicts: readonly ContestedElement[],
): RecordPreview {
  return {
    ...key,
    here: effectOf(here?.body, after),
    there: effectOf(there?.body, after),
    changesHere: changesOf(key.type, here?.body, after),
    changesThere: changesOf(key.type, there?.body, after),
    conflicts,
    waits: null,
  };
}

function effectOf(before: Body, after: string | null): Effect {
  if ((before ?? null) === after) return "unchanged";
  if (after === null) return "deleted";
  return (before ?? null) === null ? "created" : "updated";
}

function changesOf(type: string, before: Body, after: string | null): readonly ElementChange[] {
  if (effectOf(before, after) !== "updated") return [];
  return changedElements(type, resourceOf(before), resourceOf(after));
}

function resourceOf(body: Body): JsonObject | undefined {
  return body === null || body === undefined ? undefined : (parseLossless(body) as JsonObject);
}

function nothing(key: ResourceKey): RecordPreview {
  return {
    ...key,
    here: "unchanged",
    there: "unchanged",
    changesHere: [],
    changesThere: [],
    conflicts: [],
    waits: null,
  };
}
