import type { Database, Reader } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import { visibilityOf } from "../../catchment/visibility.ts";
import type { ChildHandler } from "../../enrolment/child-authentication.ts";
import { jsonAnswer, refusal } from "../../line/json-answer.ts";
import { readBytesMax } from "../../line/protocol.ts";
import type { Conflict } from "../conflict.ts";
import { readConflicts } from "../conflicts.ts";
import { type Meeting, readMeeting, type WholeBody } from "../meeting.ts";
import { isUuid, type ToldConflict, toldConflict } from "./conflict-rows.ts";

interface ReadOptions {
  readonly store: ResourceStore;
}

/** Conflicts that one request may name. */
export const conflictsReadMax = 200;
/** What the three whole bodies of a merge may come to; with as much again in the conflict an answer keeps its limit. */
const bodiesLengthMax = 16 * 1024 * 1024;
/** What the sides of one conflict may come to: eleven megabytes each, or two of twice that. */
const elementLengthMax = 32 * 1024 * 1024;

/**
 * Serves named conflicts, with the whole bodies that met, in one answer of limited size. What does not fit is left out,
 * for the child to ask again; at least one is always answered, without whole bodies that no answer could hold. Conflicts
 * of records that the child may not see are told as missing, like those that do not exist, and those that are themselves
 * too large for any answer.
 */
export function createConflictsReadHandler(database: Database, { store }: ReadOptions): ChildHandler {
  return async (request, child) => {
    const asked = parseAsked(request.body);
    if (typeof asked === "string") return refusal(400, "REMOTE_REFUSED", asked);
    const answer = await database.snapshot(async (reader) => {
      const seen = await visibleConflicts(reader, child.node, asked.conflicts);
      const conflicts: ToldConflict[] = [];
      const meetings = new Map<string, Meeting | undefined>();
      const missing: string[] = [];
      let bytes = 0;
      for (const conflictId of asked.conflicts) {
        const conflict = seen.get(conflictId);
        const length = conflict && JSON.stringify(conflict.element).length;
        if (!conflict || !length || length > elementLengthMax) {
          missing.push(conflictId);
          continue;
        }
        if (bytes >= asked.maxBytes) break;
        conflicts.push(toldConflict(conflict));
        bytes += length;
        const { meetingId, link } = conflict;
        if (meetingId === null || meetings.has(meetingId)) continue;
        const meeting = withoutLargeBodies(await readMeeting(reader, store, meetingId, conflict, link === null));
        meetings.set(meetingId, meeting);
        if (meeting) bytes += sizeOf(meeting);
      }
      return { conflicts, meetings: [...meetings.values()].filter((one) => one !== undefined), missing };
    });
    return jsonAnswer(200, answer);
  };
}

/**
 * Of some conflicts those about records that a child may see now, by their identifiers. Those about guests count only where
 * `now` is given: a host has what was merged, and the conflict is the business of the patient's own catchment.
 */
export async function visibleConflicts(
  reader: Reader,
  child: string,
  conflictIds: readonly string[],
  now?: number,
): Promise<Map<string, Conflict>> {
  const found = [...(await readConflicts(reader, conflictIds)).values()];
  const visibility = await visibilityOf(reader, child, now);
  const readable = await visibility.mayRead(reader, found);
  return new Map(
    found.filter(({ type, id }) => readable.has(`${type}/${id}`)).map((conflict) => [conflict.conflictId, conflict]),
  );
}

interface Asked {
  readonly conflicts: readonly string[];
  readonly maxBytes: number;
}

function parseAsked(body: string): Asked | string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return "The request is no JSON.";
  }
  const { conflicts, maxBytes } = (value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(conflicts) || !Number.isSafeInteger(maxBytes)) return "Send conflicts and maxBytes.";
  if (conflicts.length === 0 || conflicts.length > conflictsReadMax)
    return `Ask for 1 to ${conflictsReadMax} conflicts.`;
  if (!conflicts.every(isUuid)) return "A conflict is asked for by its identifier.";
  return { conflicts: [...new Set(conflicts)], maxBytes: Math.min(Math.max(1, maxBytes as number), readBytesMax) };
}

/** The hands alone of a merge whose bodies would be too large for an answer; the conflict itself says what met. */
function withoutLargeBodies(meeting: Meeting | undefined): Meeting | undefined {
  if (!meeting || sizeOf(meeting) <= bodiesLengthMax) return meeting;
  return { ...meeting, bodies: { base: undefined, mine: undefined, theirs: undefined } };
}

function sizeOf({ bodies }: Meeting): number {
  const length = (body: WholeBody) => body?.length ?? 0;
  return length(bodies.base) + length(bodies.mine) + length(bodies.theirs);
}
