import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** What a FHIR server may do that no specification allows, as some in the field do. */
export const lies = [
  "ignores-if-match",
  "error-inside-200",
  "drops-atomicity",
  "truncates-page",
  "loses-version-id",
] as const;
export type Lie = (typeof lies)[number];

/** A FHIR server in memory, as small as a target can be, that keeps every promise but those it is told to break. */
export interface FhirDouble extends AsyncDisposable {
  /** The base of its FHIR API. */
  readonly url: string;
}

interface Stored {
  readonly version: number;
  readonly body: Readonly<Record<string, unknown>>;
}
interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly version?: number;
}
interface Entry {
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly request?: { readonly method?: string; readonly url?: string; readonly ifMatch?: string };
}

const pageMax = 3;

/** Opens a double that lies in the ways that are named. */
export async function openFhirDouble(...told: readonly Lie[]): Promise<FhirDouble> {
  const does = (lie: Lie) => told.includes(lie);
  let records = new Map<string, Stored>();

  function save(reference: string, sent: Entry["resource"], ifMatch: string | undefined): Answer {
    const [type, id] = reference.split("/");
    if (!sent || sent["resourceType"] !== type || sent["id"] !== id || !/^[A-Z]/.test(type ?? "")) {
      return refused(does("error-inside-200") ? 200 : 400, "invalid", "This is no resource of that name.");
    }
    const before = records.get(reference);
    if (ifMatch !== undefined && !does("ignores-if-match") && ifMatch !== `W/"${before?.version ?? 0}"`) {
      return refused(412, "conflict", "Another version is current.");
    }
    const stored = { version: (before?.version ?? 0) + 1, body: sent };
    records.set(reference, stored);
    return { status: before ? 200 : 201, body: shown(stored), version: stored.version };
  }

  function shown({ version, body }: Stored): unknown {
    return does("loses-version-id") ? body : { ...body, meta: { versionId: String(version) } };
  }

  function transaction(entries: readonly Entry[]): Answer {
    const before = new Map(records);
    const answers = entries.map(({ resource, request = {} }) => save(request.url ?? "", resource, request.ifMatch));
    const failed = answers.find(({ status, body }) => status >= 400 || isOutcome(body));
    if (failed && !does("drops-atomicity")) {
      records = before;
      return failed;
    }
    const entry = answers.map(({ status }) => ({ response: { status: String(status) } }));
    return { status: 200, body: { resourceType: "Bundle", type: "transaction-response", entry } };
  }

  function search(type: string, query: URLSearchParams): Answer {
    const all = [...records].filter(([name]) => name.startsWith(`${type}/`)).sort(([a], [b]) => (a < b ? -1 : 1));
    const size = Math.min(Number(query.get("_count") ?? pageMax), pageMax);
    const from = Number(query.get("_from") ?? 0);
    const page = all.slice(from, from + size);
    const told = does("truncates-page") ? page.slice(0, -1) : page;
    const next = `${url}/${type}?_count=${size}&_from=${from + size}`;
    const link = from + size < all.length ? [{ relation: "next", url: next }] : [];
    const entry = told.map(([, stored]) => ({ resource: shown(stored), search: { mode: "match" } }));
    return { status: 200, body: { resourceType: "Bundle", type: "searchset", total: all.length, link, entry } };
  }

  function answer(method: string, path: string, query: URLSearchParams, ifMatch: string | undefined, text: string) {
    const sent = parsed(text);
    if (method === "POST" && path === "") return transaction((sent?.["entry"] ?? []) as readonly Entry[]);
    if (method === "PUT") return save(path, sent, ifMatch);
    if (method === "GET" && !path.includes("/")) return search(path, query);
    const stored = records.get(path);
    if (method !== "GET") return refused(405, "not-supported", "This double saves, reads and searches.");
    return stored
      ? { status: 200, body: shown(stored), version: stored.version }
      : refused(404, "not-found", "There is no such resource.");
  }

  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://double");
    const text = await bodyOf(request);
    const path = decodeURIComponent(pathname).replace(/^\/fhir\/?/, "");
    const { status, body, version } = answer(
      request.method ?? "GET",
      path,
      searchParams,
      request.headers["if-match"],
      text,
    ) as Answer;
    const tag = version === undefined || does("loses-version-id") ? {} : { etag: `W/"${version}"` };
    response.writeHead(status, { "content-type": "application/fhir+json", ...tag }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The machine gave no port.");
  const url = `http://127.0.0.1:${address.port}/fhir`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function refused(status: number, code: string, diagnostics: string): Answer {
  return { status, body: { resourceType: "OperationOutcome", issue: [{ severity: "error", code, diagnostics }] } };
}

function isOutcome(body: unknown): boolean {
  return (body as { readonly resourceType?: unknown } | undefined)?.resourceType === "OperationOutcome";
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}
