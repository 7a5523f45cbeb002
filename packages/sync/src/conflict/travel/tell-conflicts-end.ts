import type { Database } from "@tributary/database";
import { streamsOfChild } from "../../catchment/serve/streams-of-child.ts";
import { visibilityOf } from "../../catchment/visibility.ts";
import type { ChildHandler } from "../../enrolment/child-authentication.ts";
import { readStreamEnd, tellStreamEnds } from "../../stream/stream-end.ts";
import { conflictsStream } from "../conflict-changed.ts";

/**
 * Lets an answer that holds conflicts tell where the child's stream of them ends behind it: the child may not have read so
 * far, and must notice when this node is put back to before it.
 */
export function tellConflictsEnd(database: Database, handler: ChildHandler): ChildHandler {
  return async (request, child) => {
    const answer = await handler(request, child);
    if (answer.status !== 200) return answer;
    const stream = streamsOfChild(await visibilityOf(database, child.node)).get(conflictsStream);
    const end = stream === undefined ? undefined : await readStreamEnd(database, stream, conflictsStream);
    return { ...answer, headers: { ...answer.headers, ...tellStreamEnds(end) } };
  };
}
