import type { Database } from "@tributary/database";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { readTierReach } from "./tier-reach.ts";
import { upstreamHeader, writeUpstreamHeader } from "./upstream-header.ts";

/** Lets a handler's answers tell the child how far up its operations have come; the root has nothing to tell. */
export function tellingReach(database: Database, handler: ChildHandler): ChildHandler {
  return async (request, child) => {
    const answer = await handler(request, child);
    const reached = await readTierReach(database, child.node);
    if (reached.length === 0) return answer;
    return { ...answer, headers: { ...answer.headers, [upstreamHeader]: writeUpstreamHeader(reached) } };
  };
}
