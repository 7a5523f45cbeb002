import type { Reader } from "@tributary/database";
import { keysOfCompartments, type ResourceKey, readCurrentVersions, referenceTo } from "@tributary/fhir";
import { isErrorCode } from "@tributary/kernel";
import { NotCarried } from "../../line/not-carried.ts";
import { readRecordsMax } from "../../line/protocol.ts";
import { readLinkBases } from "../../pull/link-base.ts";
import type { LocalTarget } from "../../pull/local-target.ts";
import type { ParentSource } from "../../pull/parent-source.ts";
import type { TravellingRecord } from "../../stream/record-batch.ts";
import { entryAbout, type StreamEntry } from "../../stream/stream-entry.ts";
import { collectiveTypes } from "../metadata-types.ts";

/** A compartment that came to its end. */
export interface EndedCompartments {
  readonly parent: string;
  readonly patients: readonly string[];
  /** What came of them, by `Type/id`. */
  readonly came: ReadonlyMap<string, TravellingRecord>;
}

/** What the parent says of records that did not come. */
interface DidNotCome {
  /** What it has and shows all the same. */
  readonly contents: readonly TravellingRecord[];
  /** That the others leave. */
  readonly exits: readonly StreamEntry[];
}

const nothing: DidNotCome = { contents: [], exits: [] };

/**
 * Asks about what was agreed on of patients whose compartments came to their end and did not come with them: it became
 * another patient's while nobody told this node. Of a compartment of more than 1,000 such records, which has come in parts,
 * nothing is asked; nor is anything let go of that a parent does not have since it was restored, or was given away by file.
 */
export async function whatDidNotCome(
  reader: Reader,
  ended: EndedCompartments,
  { source, target }: { readonly source: ParentSource; readonly target: LocalTarget },
  signal: AbortSignal,
): Promise<DidNotCome> {
  const lacking = await agreedAndNotCome(reader, ended);
  if (lacking.length === 0 || lacking.length > readRecordsMax) return nothing;
  try {
    const contents: TravellingRecord[] = [];
    const missing: StreamEntry[] = [];
    const entries = lacking.map((key) => entryAbout(key));
    for await (const fetched of source.fetch(entries, signal)) {
      contents.push(...fetched.contents);
      missing.push(...fetched.missing);
    }
    // Only of the parent that told the stream up to here: one that was put back has lost more than it says.
    if (missing.length > 0) for await (const _ of source.stretches(await target.marker(), signal)) break;
    return { contents, exits: missing.map((key) => ({ ...entryAbout(key), movement: "exit" })) };
  } catch (error) {
    // The catchment is taken up anew then, and its compartments are fetched again.
    if (isErrorCode(error, "EPOCH_CHANGED") || isErrorCode(error, "REMOTE_REFUSED")) return nothing;
    if (error instanceof NotCarried) return nothing;
    throw error;
  }
}

async function agreedAndNotCome(
  reader: Reader,
  { parent, patients, came }: EndedCompartments,
): Promise<readonly ResourceKey[]> {
  const shown = patients.filter((patient) => (came.get(`Patient/${patient}`)?.body ?? null) !== null);
  if (shown.length === 0) return [];
  const here = await keysOfCompartments(reader, shown);
  const lacking = here.filter((key) => !came.has(referenceTo(key)) && !collectiveTypes.has(key.type));
  if (lacking.length === 0) return [];
  const current = await readCurrentVersions(reader, lacking);
  const bases = await readLinkBases(reader, parent, lacking);
  return lacking.filter((key) => {
    const stored = current.get(referenceTo(key));
    const agreed = bases.get(referenceTo(key))?.localVersion ?? 0;
    return stored !== undefined && stored.operation !== "delete" && stored.version <= agreed;
  });
}
