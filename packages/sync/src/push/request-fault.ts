import type { TributaryError } from "@tributary/kernel";
import { AnsweredTrouble, MalformedRequest } from "../pull/answered-trouble.ts";

/** Whether the parent answered a request, be it that it failed on it or that it is none. */
export function isAnswerToTheRequest(error: TributaryError): boolean {
  return error instanceof AnsweredTrouble || error instanceof MalformedRequest;
}

/**
 * Whether what the parent answered may be due to the units in the request, so that others may have a verdict. Sure only
 * once it has answered an empty one.
 */
export function mayLieInTheRequest(error: TributaryError): boolean {
  return error instanceof AnsweredTrouble ? error.mayLieInTheRequest : error instanceof MalformedRequest;
}
