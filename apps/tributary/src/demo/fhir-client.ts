import { TributaryError } from "@tributary/kernel";

/** Answers of a node's FHIR API, body included. */
export interface FhirAnswer {
  readonly status: number;
  readonly body: string;
}

/** A minimal client of one node's FHIR API. */
export type FhirClient = (
  method: string,
  path: string,
  body?: { readonly text: string; readonly type?: string },
) => Promise<FhirAnswer>;

/** Speaks to the node at this address with this token. */
export function fhirClientFor(url: string, token: string, signal: AbortSignal): FhirClient {
  return async (method, path, body) => {
    const headers = {
      authorization: `Bearer ${token}`,
      prefer: "return=minimal",
      ...(body ? { "content-type": body.type ?? "application/fhir+json" } : {}),
    };
    try {
      const answer = await fetch(`${url}/fhir${path}`, {
        method,
        headers,
        signal,
        ...(body ? { body: body.text } : {}),
      });
      return { status: answer.status, body: await answer.text() };
    } catch (cause) {
      signal.throwIfAborted();
      throw new TributaryError("REMOTE_UNAVAILABLE", `The node at ${url} gave no answer.`, { cause });
    }
  };
}
