import type { Database } from "@tributary/database";
import { readFeedHead, streamFeed } from "@tributary/events";
import { streamsOfChild } from "../catchment/serve/streams-of-child.ts";
import { visibilityOf } from "../catchment/visibility.ts";
import type { ChildHandler } from "../enrolment/child-authentication.ts";

/** Header in which a parent tells, with every page of a stream, how long the child's other streams are. */
export const headsHeader = "tributary-heads";

/** Streams in one header; a child follows a handful. */
const headsMax = 16;

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

/** `conflicts=45,metadata=12` */
export function writeHeads(heads: ReadonlyMap<string, number>): string {
  return [...heads].map(([stream, head]) => `${stream}=${head}`).join(",");
}

/** Reads the header; what is missing or malformed in it tells nothing. */
export function parseHeads(text: string | undefined): ReadonlyMap<string, number> {
  const heads = new Map<string, number>();
  for (const part of (text ?? "").split(",", headsMax)) {
    const [, stream, head] = /^([\w-]{1,64})=(\d{1,15})$/.exec(part) ?? [];
    if (stream !== undefined) heads.set(stream, Number(head));
  }
  return heads;
}
