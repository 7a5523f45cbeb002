import type { RefusalAnswer } from "@tributary/admin-api";
import { RequestFailed } from "./request-failed.ts";

/** Where the node listens to its operators. */
const base = "/admin/v1";
let csrf = "";

/** Keeps the token that every change has to carry; it comes with the session. */
export function keepCsrf(token: string): void {
  csrf = token;
}

/** How the values of an answer are read, as `JSON.parse` takes it. */
type Revive = (key: string, value: unknown) => unknown;

/**
 * Asks this node something, `ask("GET", "/status")`, and answers what it said.
 * Throws `RequestFailed` when it refuses or cannot be reached.
 */
export async function ask<Answer>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  { body, signal, revive }: { readonly body?: unknown; readonly signal?: AbortSignal; readonly revive?: Revive } = {},
): Promise<Answer> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (method !== "GET") headers["x-tributary-csrf"] = csrf;
  if (body !== undefined) headers["content-type"] = "application/json";
  const response = await fetch(base + path, {
    method,
    headers,
    credentials: "same-origin",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new RequestFailed(0, { code: "UNREACHABLE", message: "The node does not answer." });
  });
  const answer = await readJson(response, revive);
  if (response.ok) return answer as Answer;
  const { code = "ERROR", message = response.statusText, told } = (answer ?? {}) as Partial<RefusalAnswer>;
  throw new RequestFailed(response.status, { code, message, told });
}

async function readJson(response: Response, revive?: Revive): Promise<unknown> {
  const text = await response.text();
  try {
    return text === "" ? undefined : JSON.parse(text, revive);
  } catch {
    return undefined;
  }
}
