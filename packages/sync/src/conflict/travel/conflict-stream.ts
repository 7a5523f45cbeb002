import type { Reader, Transaction } from "@tributary/database";
import type { EventBus } from "@tributary/events";
import { TributaryError } from "@tributary/kernel";
import type { ParentConnection } from "../../pull/parent-connection.ts";
import type { ReadSomewhere } from "../../pull/seen-places.ts";
import type { Fetched } from "../../replicate.ts";
import type { SideStream } from "../../side-streams/side-stream.ts";
import { parseStreamEnd, streamEndHeader } from "../../stream/stream-end.ts";
import type { StreamEntry } from "../../stream/stream-entry.ts";
import { conflictsStream } from "../conflict-changed.ts";
import { readConflicts } from "../conflicts.ts";
import { type Meeting, putMeeting } from "../meeting.ts";
import { parseConflictRows, type ToldConflict } from "./conflict-rows.ts";
import { conflictsReadMax } from "./conflicts-read-handler.ts";
import { forgetLinkRevisions, forgetToldConflict, takeConflict } from "./take-conflict.ts";

/** Bytes asked for at a time: some seconds of a slow line, after which what came is durable. */
const answerBytes = 64 * 1024;

interface ArrivedConflict extends ReadSomewhere {
  readonly conflict: ToldConflict;
  readonly meeting: Meeting | undefined;
}

/** The parent's conflicts as a side stream: a child keeps them in its own table, under the parent's name. */
export function conflictStream(bus: EventBus, parent: string): SideStream<ArrivedConflict> {
  return {
    name: conflictsStream,
    select: (reader, entries) => selectNews(reader, entries, parent),
    fetch: fetchConflicts,
    async take(tx, { contents, missing }) {
      for (const { conflict, meeting } of contents) {
        if (meeting) await putMeeting(tx, meeting);
        await takeConflict(tx, bus, parent, conflict);
      }
      for (const { id } of missing) await forgetToldConflict(tx, parent, id);
    },
    forgetHistory: (tx: Transaction) => forgetLinkRevisions(tx, parent),
  };
}

/** The revisions that are not here yet; those from the answer to a decision are. */
async function selectNews(reader: Reader, entries: readonly StreamEntry[], parent: string) {
  const here = await readConflicts(
    reader,
    entries.map(({ id }) => id),
  );
  const isKnown = ({ id, version }: StreamEntry) => {
    const conflict = here.get(id);
    return conflict?.link === parent && (conflict.linkRevision ?? 0) >= version;
  };
  return { wanted: entries.filter((one) => !isKnown(one)), settled: entries.filter(isKnown) };
}

async function* fetchConflicts(
  connection: ParentConnection,
  entries: readonly StreamEntry[],
  signal: AbortSignal,
): AsyncGenerator<Fetched<StreamEntry, ArrivedConflict>> {
  let waiting = [...entries];
  while (waiting.length > 0) {
    const asked = waiting.slice(0, conflictsReadMax);
    const body = JSON.stringify({ conflicts: asked.map(({ id }) => id), maxBytes: answerBytes });
    const answer = await connection.ask("conflicts/read", { body }, "application/json", signal);
    const rows = parseConflictRows(new TextDecoder().decode(answer.body));
    const readAt = parseStreamEnd(answer.headers[streamEndHeader]);
    const meetings = new Map(rows.meetings.map((meeting) => [meeting.meetingId, meeting]));
    const answered = new Map(rows.conflicts.map((conflict) => [conflict.conflictId, conflict]));
    const missing = new Set(rows.missing);
    const rest = waiting.filter(({ id }) => !answered.has(id) && !missing.has(id));
    if (rest.length === waiting.length) {
      throw new TributaryError("REMOTE_NONSENSE", "The parent answered none of the conflicts asked for.", {
        retryable: true,
      });
    }
    yield {
      contents: asked.flatMap(({ id }) => {
        const conflict = answered.get(id);
        return conflict ? [{ conflict, meeting: meetings.get(conflict.meetingId ?? ""), readAt }] : [];
      }),
      missing: asked.filter(({ id }) => missing.has(id)).map((entry) => ({ ...entry, readAt })),
    };
    waiting = rest;
  }
}
