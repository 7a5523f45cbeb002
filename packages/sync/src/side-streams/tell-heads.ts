import type { Database } from "@tributary/database";
import { readFeedHead, streamFeed } from "@tributary/events";
import { streamsOfChild } from "../catchment/serve/streams-of-child.ts";
import { visibilityOf } from "../catchment/visibility.ts";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { headsHeader, writeHeads } from "../stream/heads-header.ts";

/** Lets every answer about a stream tell the heads of the others, so that an idle child need not ask for each. */
export function tellHeads(database: Database, handler: ChildHandler): ChildHandler {
  return async (request, child) => {
    const heads = new Map<string, number>();
    const visibility = await visibilityOf(database, child.node);
    for (const [name, stream] of streamsOfChild(visibility)) {
      const isAsked = name === request.parameters["stream"];
      if (name !== visibility.mainStream && !isAsked) heads.set(name, await readFeedHead(database, streamFeed(stream)));
    }
    const answer = await handler(request, child);
    return { ...answer, headers: { ...answer.headers, [headsHeader]: writeHeads(heads) } };
  };
}
