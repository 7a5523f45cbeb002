import type { Database, Reader } from "@tributary/database";
import { readLogIdentity } from "@tributary/events";
import { findBodies, type ResourceKey, referenceTo } from "@tributary/fhir";
import type { Clock } from "@tributary/kernel";
import type { RefusalTrail } from "../catchment/refusal-trail.ts";
import { readableUntil } from "../catchment/serve/readable-until.ts";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { jsonAnswer, refusal } from "../line/json-answer.ts";
import { digestAt } from "../stream/read-end.ts";
import type { NamedPlace } from "../stream/stream-place.ts";
import { type HadRecord, type KeptAnswer, type KeptRecord, keptRecordsMax, parseKeptQuestion } from "./kept-records.ts";
import { isSettledHere } from "./last-settled.ts";
import { WrongGuesses } from "./wrong-guesses.ts";

export interface KeptOptions {
  readonly clock: Clock;
  readonly refusals: RefusalTrail;
}

/**
 * Tells a child whether this node still has what both had in common, whichever catchment the child has now. It says
 * nothing but yes to digests that the child itself tells: the same of what was never here and of what is here otherwise,
 * and of a deletion only where a content of that record is told too which it had before.
 *
 * Nor is anything told that was written when the child could not read it any more. Of patients whom it is not known to have
 * had it is told only as long as it is not mistaken too often: this node may have forgotten that they were shown to it.
 */
export function createKeptHandler(database: Database, { clock, refusals }: KeptOptions): ChildHandler {
  const guesses = new WrongGuesses();
  return async (request, child) => {
    const { node } = child;
    const asked = parseKeptQuestion(request.body);
    if (!asked) return refusal(400, "REMOTE_REFUSED", `Send place and records, up to ${keptRecordsMax} of them.`);
    const { isWhole, found, readable } = await database.snapshot(async (reader) => ({
      isWhole: (await isSettledHere(reader, request, child)) && (await isPlaceHere(reader, asked.place)),
      found: await keptAmong(reader, asked.records),
      readable: await readableUntil(reader, node, asked.records),
    }));
    const { tellable, shown, mistaken } = sortOut(asked.records, found, readable);
    if (mistaken > 0) await refusals.note(node, mistaken);
    const isBelieved = guesses.mayGo(node, mistaken, clock.now());
    const told = isBelieved ? [...tellable, ...shown] : tellable;
    const kept = told.map(({ type, id, at, version }): KeptRecord => [type, id, at, version]);
    return jsonAnswer(200, { isWhole, kept } satisfies KeptAnswer);
  };
}

/** What may be told anyway, what is told to whom is believed to have had it, and how many records it was mistaken about. */
function sortOut(
  asked: readonly HadRecord[],
  found: readonly FoundRecord[],
  readable: ReadonlyMap<string, number | undefined>,
): { readonly tellable: readonly FoundRecord[]; readonly shown: readonly FoundRecord[]; readonly mistaken: number } {
  const untilOf = (key: ResourceKey) => readable.get(referenceTo(key));
  const hits = new Set(found.map(referenceTo));
  const missed = asked.filter((key) => readable.has(referenceTo(key)) && !hits.has(referenceTo(key)));
  return {
    tellable: found.filter((one) => one.lastUpdated < (untilOf(one) ?? Number.NEGATIVE_INFINITY)),
    shown: found.filter((one) => untilOf(one) === undefined),
    mistaken: missed.filter((key) => untilOf(key) === undefined).length,
  };
}

/** Whether an entry that was read is here; so it is for who has read nothing yet and knows no epoch. */
async function isPlaceHere(reader: Reader, { stream, epoch, position, entryDigest }: NamedPlace): Promise<boolean> {
  if (position === 0 && epoch === "") return true;
  if ((await readLogIdentity(reader)).epoch !== epoch) return false;
  if (position === 0) return true;
  return entryDigest !== null && (await digestAt(reader, stream, position)) === entryDigest;
}

/** A record of which something is here that the child told. */
interface FoundRecord extends ResourceKey {
  readonly at: number;
  readonly version: number;
  readonly lastUpdated: number;
}

async function keptAmong(reader: Reader, records: readonly HadRecord[]): Promise<FoundRecord[]> {
  const sought = records.flatMap(({ type, id, digests }) =>
    [...new Set(digests)].map((digest) => ({ type, id, hash: Buffer.from(digest, "base64url").toString("hex") })),
  );
  const bodies = await findBodies(reader, sought);
  const found = new Map(bodies.map((body) => [`${referenceTo(body)} ${body.hash}`, body]));
  return records.flatMap((record): FoundRecord[] => {
    const versions = record.digests.map((digest) =>
      found.get(`${referenceTo(record)} ${Buffer.from(digest, "base64url").toString("hex")}`),
    );
    const at = versions.findIndex((one, index) => {
      if (one === undefined || record.digests[index] !== "") return one !== undefined;
      return versions.some(
        (other, before) => before > index && record.digests[before] !== "" && (other ?? one).version < one.version,
      );
    });
    const one = versions[at];
    if (!one) return [];
    return [{ type: record.type, id: record.id, at, version: one.version, lastUpdated: one.lastUpdated }];
  });
}
