import type { Database } from "@tributary/database";
import { readFeedHead, readLogIdentity, streamFeed } from "@tributary/events";
import { TributaryError } from "@tributary/kernel";
import { visibilityOf } from "../catchment/visibility.ts";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { jsonAnswer, refusal } from "../line/json-answer.ts";
import { jsonObjectIn } from "../line/json-object.ts";
import type { ParentConnection } from "../pull/parent-connection.ts";
import { digestAt } from "../stream/read-end.ts";
import type { StreamPlace } from "../stream/stream-place.ts";
import { type TrailPoint, trailPointsMax } from "../stream/stream-trail.ts";

/**
 * Finds the latest of the places that a child has passed at which the stream still has the same entry; when there is none,
 * the place from which on the stream is the child's, which may lie behind all that it has read.
 */
export function createCommonPointHandler(database: Database): ChildHandler {
  return async (request, child) => {
    const asked = parseAsked(request.body);
    if (!asked) return refusal(400, "REMOTE_REFUSED", `Send stream and trail, up to ${trailPointsMax} places.`);
    const { stream, trail } = asked;
    const answer = await database.snapshot(async (reader): Promise<StreamPlace | undefined> => {
      const visibility = await visibilityOf(reader, child.node);
      if (!visibility.streams.has(stream)) return undefined;
      const { epoch } = await readLogIdentity(reader);
      const head = await readFeedHead(reader, streamFeed(stream));
      for (const { position, entryDigest } of trail) {
        if (position > head || (stream === visibility.mainStream && position < visibility.from.position)) continue;
        if ((await digestAt(reader, stream, position)) === entryDigest) return { epoch, position, entryDigest };
      }
      // What was announced before the child was let in was never its own, and so nothing of it can be lost.
      const isFrom = stream === visibility.mainStream && visibility.from.epoch === epoch;
      const position = isFrom ? Math.min(visibility.from.position, head) : 0;
      return { epoch, position, entryDigest: await digestAt(reader, stream, position) };
    });
    return answer ? jsonAnswer(200, answer) : refusal(403, "REMOTE_REFUSED", "There is no such stream for this node.");
  };
}

/** Asks the parent for the last place that both have in common. Throws what the line throws. */
export async function askCommonPoint(
  connection: ParentConnection,
  stream: string,
  trail: readonly TrailPoint[],
  signal: AbortSignal,
): Promise<StreamPlace> {
  const body = JSON.stringify({ stream, trail: trail.map(({ position, entryDigest }) => [position, entryDigest]) });
  const answer = await connection.ask("common-point", { body }, "application/json", signal);
  const { epoch, position, entryDigest } = jsonObjectIn(answer.body) ?? {};
  if (
    typeof epoch === "string" &&
    Number.isSafeInteger(position) &&
    (entryDigest === null || typeof entryDigest === "string")
  ) {
    return { epoch, position: position as number, entryDigest };
  }
  throw new TributaryError("REMOTE_NONSENSE", "The answer is no place in a stream.", { retryable: true });
}

function parseAsked(body: string): { readonly stream: string; readonly trail: readonly TrailPoint[] } | undefined {
  const { stream, trail } = jsonObjectIn(body) ?? {};
  if (typeof stream !== "string" || !Array.isArray(trail) || trail.length > trailPointsMax) return undefined;
  const points = (trail as unknown[]).map((one) => {
    const [position, entryDigest] = Array.isArray(one) ? (one as unknown[]) : [];
    return Number.isSafeInteger(position) && (position as number) > 0 && typeof entryDigest === "string"
      ? { position: position as number, entryDigest }
      : undefined;
  });
  return points.every((point) => point !== undefined) ? { stream, trail: points } : undefined;
}
