import type { HttpResponse } from "@tributary/kernel";
import { isCatchmentStream } from "../catchment/catchment-name.ts";
import type { Visibility } from "../catchment/visibility.ts";
import { refusal } from "../line/json-answer.ts";
import { everythingStream, noStream } from "../line/protocol.ts";

/**
 * Answers a child that asks for what is no stream of its catchment. A stream of records was perhaps its own once, so the
 * child is told to ask for its catchment, whether there ever was such a stream or not.
 */
export function refuseStream({ catchment }: Visibility, stream: string): HttpResponse {
  if (catchment === undefined)
    return refusal(403, "REMOTE_REFUSED", "No catchment has been assigned to this node yet.");
  const isOfRecords = stream === everythingStream || isCatchmentStream(stream) || stream === noStream;
  return isOfRecords ? otherCatchment() : refusal(403, "REMOTE_REFUSED", "There is no such stream for this node.");
}

/** Tells a child that the stream which it reads is not its own, or not from there on. */
export function otherCatchment(): HttpResponse {
  return refusal(410, "EPOCH_CHANGED", "The node has another catchment now, or begins it anew; ask for it.");
}
