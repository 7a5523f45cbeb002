import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "./free-ports.ts";
import { type Serving, serve, tributary } from "./program.ts";

/** A node that serves its console, and the ways to it. */
export interface NodeForBrowser extends AsyncDisposable {
  readonly id: string;
  readonly folder: string;
  readonly url: string;
  readonly serving: Serving;
  /** Asks its admin API as an administrator; answers the JSON. */
  readonly admin: (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;
  /** Writes a record through its FHIR API; throws when that is refused. */
  readonly put: (resource: { readonly resourceType: string; readonly id: string }) => Promise<void>;
}

/** Makes and starts a node on a port of its own, in a folder that goes with it; `settings` are environment variables. */
export async function startNode(
  role: "parent" | "child" | "hub",
  id: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<NodeForBrowser> {
  const folder = await mkdtemp(join(tmpdir(), `console-${id}-`));
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  await tributary("init", role, "--dir", folder, "--id", id, "--port", String(port));
  const token = await tributary("token", "create", "tests", "--dir", folder);
  const serving = await serve(folder, url, settings);
  const ask = async (method: string, path: string, type: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": type };
    const answer = await fetch(url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} at ${id} was answered with ${answer.status}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  return {
    id,
    folder,
    url,
    serving,
    admin: (method, path, body) => ask(method, `/admin/v1${path}`, "application/json", body),
    put: async (resource) => {
      await ask("PUT", `/fhir/${resource.resourceType}/${resource.id}`, "application/fhir+json", resource);
    },
    async [Symbol.asyncDispose]() {
      await serving[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Enrols a running child with a code that the parent issued. */
export async function enrol(child: NodeForBrowser, parent: NodeForBrowser, code: string): Promise<void> {
  await tributary("enrol", "--dir", child.folder, "--parent", parent.url, "--code", code);
}
