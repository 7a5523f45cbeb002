import { everythingStream } from "../line/protocol.ts";

/** The catchment that is always there and holds every record; it has no rule and no members of its own. */
export const everythingCatchment = "everything";

const prefix = "catchment.";

/** Tells whether a text can name a catchment; it becomes part of a stream's name. */
export function isCatchmentName(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}

/** The stream that announces the records of a catchment. */
export function catchmentStream(catchment: string): string {
  return catchment === everythingCatchment ? everythingStream : `${prefix}${catchment}`;
}

/** Whether a stream carries the records of a catchment with a rule, so that patients enter and leave it. */
export function isCatchmentStream(stream: string): boolean {
  return stream.startsWith(prefix);
}
