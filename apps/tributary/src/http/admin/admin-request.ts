import { type RequestSchema, readRequest } from "@tributary/admin-api";
import type { HttpRequest, HttpResponse, NodeId } from "@tributary/kernel";
import { callerHeader, type Node } from "@tributary/runtime";
import type { ControlActor, Synchronizer } from "@tributary/sync";
import { refuse } from "../refuse.ts";

/** Reads a request's JSON body; an empty one counts as `{}`. Refuses with 400 and the places that are wrong. */
export function readBody<Value>({ body }: HttpRequest, schema: RequestSchema<Value>): Value {
  let value: unknown;
  try {
    value = body.trim() === "" ? {} : JSON.parse(body);
  } catch {
    throw refuse(unusable, "body-not-json", {});
  }
  return parsed(schema, value);
}

/** Reads the parameters behind the question mark; each may be given once. No text of a database has a NUL in it. */
export function readQuery<Value>({ url }: HttpRequest, schema: RequestSchema<Value>): Value {
  for (const [name, value] of url.searchParams) {
    if (value.includes("\0")) throw refuse(unusable, "parameter-with-nul", { name });
  }
  return parsed(schema, Object.fromEntries(url.searchParams));
}

/** On whose behalf a request acts: the name of the token that let it in. */
export function actorOf(request: HttpRequest, node: Node): ControlActor {
  return { nodeId: node.id as NodeId, author: request.headers[callerHeader] ?? node.id, now: node.clock.now() };
}

/** The node's own synchronizer. Refuses at a parent, which has nobody to ask. */
export async function synchronizerAt(node: Node): Promise<Synchronizer> {
  const synchronizer = await node.synchronizer();
  if (synchronizer) return synchronizer;
  throw refuse({ status: 409, code: "CONFIG_INVALID" }, "node-is-parent", { node: node.id });
}

/** An answer that nobody keeps. */
export function answer(value: unknown, write: (value: unknown) => string = JSON.stringify): HttpResponse {
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
    body: write(value),
  };
}

/** The head of a refusal of something that is not there. */
export const notThere = { status: 404, code: "not-found" } as const;

/** The head of a refusal of what was sent. */
export const unusable = { status: 400, code: "invalid" } as const;

function parsed<Value>(schema: RequestSchema<Value>, given: unknown): Value {
  const read = readRequest(schema, given);
  if (read.kind === "read") return read.value;
  throw refuse(unusable, "request-unusable", { places: read.places.join(", ") });
}
