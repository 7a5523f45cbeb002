import type { Database } from "@tributary/database";
import type { ResourceKey, ResourceStore, StoredVersion } from "@tributary/fhir";
import type { Clock } from "@tributary/kernel";
import type { RefusalTrail } from "../catchment/refusal-trail.ts";
import { visibilityOf } from "../catchment/visibility.ts";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { refusal } from "../line/json-answer.ts";
import { readBytesMax, readRecordsMax, recordBatchType } from "../line/protocol.ts";
import { type MissingRecord, type TravellingRecord, writeRecordBatch } from "./record-batch.ts";
import { refuseStream } from "./refuse-stream.ts";
import { readStreamEnd, tellStreamEnds } from "./stream-end.ts";
import { isResourceId, isResourceType } from "./stream-page.ts";

/** Records read from the database at a time, so that an answer's limit is not passed by much. */
const sliceRecords = 200;

/**
 * Serves the bodies of named records in one answer of limited size. What does not fit is left out, for the child to ask
 * again; at least one record is always answered, however large. What the child may not see is answered exactly as what
 * is not there.
 */
export function createReadHandler(
  database: Database,
  { store, clock, refusals }: { readonly store: ResourceStore; readonly clock: Clock; readonly refusals: RefusalTrail },
): ChildHandler {
  return async (request, child) => {
    const asked = parseRead(request.body);
    if (typeof asked === "string") return refusal(400, "REMOTE_REFUSED", asked);
    const visibility = await visibilityOf(database, child.node, clock.now());
    if (!visibility.streams.has(asked.stream)) {
      await refusals.note(child.node, asked.records.length);
      return refuseStream(visibility, asked.stream);
    }
    const records: TravellingRecord[] = [];
    const missing: MissingRecord[] = [];
    let bytes = 0;
    let hidden = 0;
    await database.snapshot(async (reader) => {
      for (let at = 0; at < asked.records.length && bytes < asked.maxBytes; at += sliceRecords) {
        const slice = asked.records.slice(at, at + sliceRecords);
        const readable = await visibility.mayRead(reader, slice);
        const found = await store.readMany(reader, slice);
        for (const { type, id } of slice) {
          const version = found.get(`${type}/${id}`);
          if (!version || !readable.has(`${type}/${id}`)) {
            if (version) hidden += 1;
            missing.push({ type, id });
            continue;
          }
          const size = version.body?.length ?? 0;
          if (records.length > 0 && bytes + size > asked.maxBytes) {
            bytes = asked.maxBytes;
            break;
          }
          bytes += size;
          records.push(travelling(version));
        }
      }
    });
    if (hidden > 0) await refusals.note(child.node, hidden);
    const end = await readStreamEnd(database, asked.stream);
    return {
      status: 200,
      headers: { "content-type": recordBatchType, "cache-control": "no-store", ...tellStreamEnds(end) },
      body: writeRecordBatch({ records, missing }),
    };
  };
}

/** A stored version as it travels. */
export function travelling(stored: StoredVersion): TravellingRecord {
  return {
    type: stored.key.type,
    id: stored.key.id,
    version: stored.version,
    body: stored.body ?? null,
    bodyHash: stored.bodyHash,
    originNode: stored.originNode,
    originVersion: stored.originVersion ?? stored.version,
    originOperation: stored.originOperation,
  };
}

interface AskedRecords {
  readonly stream: string;
  readonly maxBytes: number;
  readonly records: readonly ResourceKey[];
}

function parseRead(body: string): AskedRecords | string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return "The request is no JSON.";
  }
  if (typeof value !== "object" || value === null) return "The request is no JSON object.";
  const { stream, maxBytes, records } = value as Record<string, unknown>;
  if (typeof stream !== "string" || !Number.isSafeInteger(maxBytes) || !Array.isArray(records)) {
    return "Send stream, maxBytes and records.";
  }
  if (records.length === 0 || records.length > readRecordsMax) return `Ask for 1 to ${readRecordsMax} records.`;
  const keys: ResourceKey[] = [];
  for (const one of records as unknown[]) {
    if (!Array.isArray(one) || !isResourceType(one[0]) || !isResourceId(one[1])) return "A record is [type, id].";
    keys.push({ type: one[0], id: one[1] });
  }
  return { stream, maxBytes: Math.min(Math.max(1, maxBytes as number), readBytesMax), records: keys };
}
