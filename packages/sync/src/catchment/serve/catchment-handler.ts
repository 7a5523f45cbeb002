import type { Database, Reader } from "@tributary/database";
import { readLogIdentity } from "@tributary/events";
import { isResourceId } from "@tributary/fhir";
import type { ChildHandler } from "../../enrolment/child-authentication.ts";
import { jsonAnswer, refusal } from "../../line/json-answer.ts";
import { jsonObjectIn } from "../../line/json-object.ts";
import { readEnd } from "../../stream/read-end.ts";
import { beginAssignmentAnew } from "../child-assignments.ts";
import { listMembers, type MemberState } from "../members.ts";
import { metadataStream } from "../metadata-types.ts";
import { visibilityOf } from "../visibility.ts";
import { type CatchmentTold, patientsToldMax } from "./told-catchment.ts";

/**
 * Tells a child which catchment it has, whose records that is, and from where on the stream is to be read: asked at the
 * beginning, after another catchment was assigned, and after the stream's history changed. Page by page, by patient.
 */
export function createCatchmentHandler(database: Database): ChildHandler {
  return async (request, child) => {
    const after = parseAfter(request.body);
    if (after === undefined) return refusal(400, "REMOTE_REFUSED", "Send after: the last patient told, or null.");
    const { epoch } = await readLogIdentity(database);
    const { from, isEverything } = await visibilityOf(database, child.node);
    if (!isEverything && from.epoch !== epoch) {
      await database.transaction((tx) => beginAssignmentAnew(tx, child.node));
    }
    const told = await database.snapshot((reader) => tell(reader, child.node, after));
    if (!told) return refusal(403, "REMOTE_REFUSED", "No catchment has been assigned to this node yet.");
    return jsonAnswer(200, told);
  };
}

async function tell(reader: Reader, node: string, after: string | null): Promise<CatchmentTold | undefined> {
  const visibility = await visibilityOf(reader, node);
  const { catchment, mainStream: stream } = visibility;
  if (catchment === undefined) return undefined;
  if (visibility.isEverything) return { catchment, stream, isEverything: true };
  const memberships = await listMembers(reader, catchment, after ?? "", patientsToldMax);
  const standingSo = (wanted: MemberState) =>
    memberships.filter(({ state }) => state === wanted).map(({ patient }) => patient);
  const suspended = standingSo("suspended");
  const next = memberships.length === patientsToldMax ? memberships.at(-1)?.patient : undefined;
  return {
    catchment,
    stream,
    isEverything: false,
    start: await readEnd(reader, stream),
    metadataStart: await readEnd(reader, metadataStream),
    patients: standingSo("member"),
    ...(suspended.length > 0 && { suspended }),
    ...(next === undefined ? {} : { next }),
  };
}

function parseAfter(body: string): string | null | undefined {
  const { after } = jsonObjectIn(body) ?? {};
  return after === null || (typeof after === "string" && isResourceId(after)) ? after : undefined;
}
