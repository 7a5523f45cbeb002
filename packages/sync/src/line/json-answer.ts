import type { HttpResponse } from "@tributary/kernel";

/** An answer whose body is JSON. */
export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", ...headers },
    body: JSON.stringify(value),
  };
}

/** A refusal that names its reason by code, for the program, and by sentence, for people. */
export function refusal(
  status: number,
  code: string,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): HttpResponse {
  return jsonAnswer(status, { code, message, ...more });
}
