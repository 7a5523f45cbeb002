import type { Database, Reader } from "@tributary/database";
import { type CompartmentRecord, readCompartment, readRecordsOfTypes } from "@tributary/fhir";
import type { Clock } from "@tributary/kernel";
import type { ChildHandler } from "../../enrolment/child-authentication.ts";
import { refusal } from "../../line/json-answer.ts";
import { jsonObjectIn } from "../../line/json-object.ts";
import { readBytesMax } from "../../line/protocol.ts";
import { travelling } from "../../stream/read-handler.ts";
import type { TravellingRecord } from "../../stream/record-batch.ts";
import { readStreamEnd, tellStreamEnds } from "../../stream/stream-end.ts";
import { readCatchmentState } from "../catchment-state.ts";
import { collectiveTypes, metadataStream } from "../metadata-types.ts";
import type { RefusalTrail } from "../refusal-trail.ts";
import { visibilityOf } from "../visibility.ts";
import {
  type CompartmentPlace,
  compartmentBatchType,
  compartmentsMax,
  isCompartmentName,
  metadataCompartment,
  writeCompartmentBatch,
} from "./compartment-batch.ts";

/** Records read from the database at a time. */
const sliceRecords = 200;

/**
 * Serves whole compartments, of patients who came into the child's catchment, as many records as fit and at least one.
 * A patient whom the child may not have is answered as one without records.
 */
export function createCompartmentsHandler(
  database: Database,
  { clock, refusals }: { readonly clock: Clock; readonly refusals: RefusalTrail },
): ChildHandler {
  return async (request, child) => {
    const asked = parseAsked(request.body);
    if (!asked) return refusal(400, "REMOTE_REFUSED", `Send maxBytes and 1 to ${compartmentsMax} patients.`);
    const places: CompartmentPlace[] = [];
    const records: TravellingRecord[] = [];
    let hidden = 0;
    const mainStream = await database.snapshot(async (reader) => {
      const visibility = await visibilityOf(reader, child.node, clock.now());
      const named = asked.patients.map(({ patient }) => patient).filter((patient) => patient !== metadataCompartment);
      const held = await visibility.mayHold(reader, named);
      let left = asked.maxBytes;
      for (const { patient, after } of asked.patients) {
        if (left <= 0) break;
        const mayHave = patient === metadataCompartment ? visibility.catchment !== undefined : held.has(patient);
        if (!mayHave) {
          hidden += 1;
          places.push({ patient, next: null });
          continue;
        }
        for (let place: number | null = after; place !== null && left > 0; ) {
          const slice = await sliceOf(reader, patient, place);
          for (const { stored, place: at } of slice) {
            const size = stored.body?.length ?? 0;
            if (records.length > 0 && size > left) {
              left = 0;
              break;
            }
            place = at;
            if (collectiveTypes.has(stored.key.type)) continue;
            left -= size;
            records.push(travelling(stored));
          }
          if (left > 0 && slice.length < sliceRecords) place = null;
          if (place === null || left <= 0) places.push({ patient, next: place === null ? null : String(place) });
        }
      }
      return visibility.mainStream;
    });
    if (hidden > 0) await refusals.note(child.node, hidden);
    const isAboutAll = asked.patients.some(({ patient }) => patient === metadataCompartment);
    const ends = [
      await readStreamEnd(database, mainStream),
      isAboutAll ? await readStreamEnd(database, metadataStream) : undefined,
    ];
    return {
      status: 200,
      headers: { "content-type": compartmentBatchType, "cache-control": "no-store", ...tellStreamEnds(...ends) },
      body: writeCompartmentBatch({ places, records }),
    };
  };
}

async function sliceOf(reader: Reader, patient: string, after: number): Promise<CompartmentRecord[]> {
  if (patient !== metadataCompartment) return readCompartment(reader, { patient, after, limit: sliceRecords });
  const { metadataTypes } = await readCatchmentState(reader);
  return readRecordsOfTypes(reader, { types: [...metadataTypes], after, limit: sliceRecords });
}

interface Asked {
  readonly maxBytes: number;
  readonly patients: readonly { readonly patient: string; readonly after: number }[];
}

function parseAsked(body: string): Asked | undefined {
  const { maxBytes, patients } = jsonObjectIn(body) ?? {};
  if (!Number.isSafeInteger(maxBytes) || !Array.isArray(patients)) return undefined;
  if (patients.length === 0 || patients.length > compartmentsMax) return undefined;
  const asked: { patient: string; after: number }[] = [];
  for (const one of patients as unknown[]) {
    if (!Array.isArray(one) || !isCompartmentName(one[0])) return undefined;
    const after = one[1] === null ? 0 : Number(one[1]);
    if (!Number.isSafeInteger(after) || after < 0) return undefined;
    asked.push({ patient: one[0], after });
  }
  return { maxBytes: Math.min(Math.max(1, maxBytes as number), readBytesMax), patients: asked };
}
