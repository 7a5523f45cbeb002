import { parseTrailAnswer, parseTrailMessage, writeTrailMessage } from "../src/audit-trail/trail-message.ts";
import { parseChunkText } from "../src/bootstrap/chunk-text.ts";
import { unpackChunk } from "../src/bootstrap/pack-chunks.ts";
import { parseSnapshotManifest } from "../src/bootstrap/snapshot-manifest.ts";
import { parseCompartmentBatch, writeCompartmentBatch } from "../src/catchment/serve/compartment-batch.ts";
import { parseCatchmentTold } from "../src/catchment/serve/told-catchment.ts";
import { parseDecisions, writeDecisions } from "../src/conflict/decide/decisions-request.ts";
import { parseConflictRows } from "../src/conflict/travel/conflict-rows.ts";
import { parseInstanceHeader, writeInstanceHeader } from "../src/enrolment/instance-header.ts";
import { parseSelectRequest, writeSelectRequest } from "../src/manual/select-request.ts";
import { parseSelectedPage, writeSelectedPage } from "../src/manual/selected-page.ts";
import { parseVerdicts } from "../src/push/parse-verdicts.ts";
import { parsePushBatch, writePushBatch } from "../src/push/push-batch.ts";
import { parseHeads, writeHeads } from "../src/stream/heads-header.ts";
import { parseMarkerHeader, writeMarkerHeader } from "../src/stream/marker-header.ts";
import { parseRecordBatch, writeRecordBatch } from "../src/stream/record-batch.ts";
import { parseStreamPage, writeStreamPage } from "../src/stream/stream-page.ts";
import { parseUpstreamHeader } from "../src/tiers/upstream-header.ts";
import { parseVersionsHeader, writeVersionsHeader } from "../src/versions/version-ranges.ts";

/** One form in which nodes speak to each other, so that all of them can be tried alike. */
export interface WireCodec {
  /** Reads what came. What cannot be read is an error with a code, a sentence, or `undefined`. */
  read(bytes: Buffer): unknown;
  /** Writes what `read` returned; absent where this end only reads. */
  write?(value: never): string | Uint8Array;
}

const text = (bytes: Buffer) => bytes.toString("utf8");

/** Every body of the protocol, by a name for people. */
export const wireBodies = {
  "stream page": { read: (bytes) => parseStreamPage(text(bytes)), write: writeStreamPage },
  "record batch": { read: parseRecordBatch, write: writeRecordBatch },
  compartments: { read: parseCompartmentBatch, write: writeCompartmentBatch },
  catchment: { read: (bytes) => parseCatchmentTold(text(bytes)), write: JSON.stringify },
  push: {
    read: (bytes) => parsePushBatch(text(bytes)),
    write: ({ units, ...questions }: ReturnType<typeof parsePushBatch>) => writePushBatch(units, questions),
  },
  verdicts: { read: (bytes) => parseVerdicts(text(bytes)) },
  conflicts: { read: (bytes) => parseConflictRows(text(bytes)), write: JSON.stringify },
  decisions: { read: (bytes) => parseDecisions(text(bytes)), write: writeDecisions },
  "audit segments": { read: (bytes) => parseTrailMessage(text(bytes)), write: writeTrailMessage },
  "audit answer": { read: (bytes) => parseTrailAnswer(text(bytes), 1) },
  "snapshot manifest": { read: (bytes) => parseSnapshotManifest(jsonIn(bytes)), write: JSON.stringify },
  "snapshot chunk": {
    read: parseChunkText,
    /** Unpacks what a manifest says comes to so many bytes. */
    unpack: (bytes: Uint8Array, rawBytes: number) =>
      unpackChunk(bytes, { stage: "care", sha256: "", bytes: bytes.byteLength, rawBytes, records: 1, patients: 1 }),
  },
  selection: { read: (bytes) => parseSelectRequest(text(bytes)), write: writeSelectRequest },
  "selected page": {
    read: (bytes) => parseSelectedPage(text(bytes)),
    write: (page: ReturnType<typeof parseSelectedPage>) => JSON.stringify(writeSelectedPage(page)),
  },
} satisfies Readonly<Record<string, WireCodec & { unpack?: unknown }>>;

/** Every header of the protocol that carries more than a word. */
export const wireHeaders = {
  "tributary-marker": { read: (bytes) => parseMarkerHeader(text(bytes)), write: writeMarkerHeader },
  "tributary-heads": { read: (bytes) => parseHeads(text(bytes)), write: writeHeads },
  // The place of a tier in the header is its distance, which a tier that is left out does not change.
  "tributary-upstream": { read: (bytes) => parseUpstreamHeader(text(bytes)) },
  "tributary-versions": { read: (bytes) => parseVersionsHeader(text(bytes)), write: writeVersionsHeader },
  "tributary-instance": { read: (bytes) => parseInstanceHeader(text(bytes)), write: writeInstanceHeader },
} satisfies Readonly<Record<string, WireCodec>>;

/** A manifest is handed over as parsed JSON; what is no JSON never comes so far. */
function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(text(bytes));
  } catch {
    return undefined;
  }
}
