import type { AdminFetchAnswer, Role } from "@tributary/admin-api";
import type { HttpResponse } from "@tributary/kernel";
import { callerHeader, type Node } from "@tributary/runtime";
import { adminRoutesOf } from "../http/admin/admin-routes.ts";
import { addressHeader, roleHeader } from "../http/caller-headers.ts";
import { explainNotFound } from "../http/nearest-route.ts";
import { type Refusal, writeRefusal } from "../http/refusal.ts";
import { RequestRefused } from "../http/request-refused.ts";
import type { Route } from "../http/route.ts";
import type { StreamedResponse } from "../http/streamed-response.ts";
import type { AdminWay } from "./admin-way.ts";

/** Whoever can read the folder of a node can read and write its database. */
const role: Role = "administrator";

/**
 * Hands requests to the handlers of a node's admin API, in the name of `author`, without a server, a socket or a token.
 * What a handler refuses becomes the answer that a server would give; what else it throws is thrown.
 */
export function handIn(node: Node, author: string): Pick<AdminWay, "fetch" | "base"> {
  const routes = adminRoutesOf(node);
  const headers = { [callerHeader]: author, [roleHeader]: role, [addressHeader]: "command line" };
  const { publicUrl, host, port } = node.config.http;
  // Where the node tells others that it stands; a handler may tell it on.
  const origin = publicUrl?.replace(/\/$/, "") ?? `http://${host}:${port}`;
  return {
    base: `${origin}/admin/v1`,
    async fetch(address, { method, body = "", signal = new AbortController().signal }) {
      const url = new URL(address);
      const [path = ""] = address.slice(origin.length).split("?");
      const found = routeAt(routes, method, path);
      if (!found) return refused(explainNotFound(method, path, routes));
      const { route, parameters } = found;
      try {
        return answered(await route.handler({ method, url, headers, parameters, body, signal }));
      } catch (thrown) {
        if (thrown instanceof RequestRefused) return refused(thrown.refusal);
        throw thrown;
      }
    },
  };
}

/** The route that a path means: of two, the one that names more of it. */
function routeAt(routes: readonly Route[], method: string, path: string) {
  const parts = path.split("/");
  const fitting = routes.flatMap((route) => {
    const names = route.path.split("/");
    const isMeant = (name: string, at: number) => name.startsWith(":") || name === parts[at];
    if (!route.methods.includes(method) || names.length !== parts.length || !names.every(isMeant)) return [];
    const given = names.flatMap((name, at) =>
      name.startsWith(":") ? [[name.slice(1), decodeURIComponent(parts[at] ?? "")] as const] : [],
    );
    return [{ route, parameters: Object.fromEntries(given), given: given.length }];
  });
  return fitting.sort((one, other) => one.given - other.given)[0];
}

function refused(refusal: Refusal): AdminFetchAnswer {
  return answered(writeRefusal(refusal, "json"));
}

function answered(response: HttpResponse | StreamedResponse): AdminFetchAnswer {
  const { status } = response;
  const parts = "parts" in response ? response.parts : [response.body ?? ""];
  return { status, ok: status >= 200 && status < 300, body: bytesOf(parts), text: () => textOf(parts) };
}

async function* bytesOf(parts: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>) {
  for await (const part of parts) yield typeof part === "string" ? Buffer.from(part) : part;
}

async function textOf(parts: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const part of bytesOf(parts)) text += decoder.decode(part, { stream: true });
  return text + decoder.decode();
}
