import { refusalAnswer } from "./refusal.ts";

/** What a request to a node is made of. */
export interface AdminFetchRequest {
  readonly method: string;
  readonly credentials: "same-origin";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** What is read of an answer: as a whole, or part by part as it comes. */
export interface AdminFetchAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array> | null;
  text(): Promise<string>;
}

/** The way to a node: `fetch`, or whatever else hands a request in and brings the answer back. */
export type AdminFetch = (address: string, request: AdminFetchRequest) => Promise<AdminFetchAnswer>;

/** How JSON is read and written; the platform's way when nothing is said. */
export interface AdminJson {
  parse(text: string): unknown;
  stringify(value: unknown): string;
}

/** How a client reaches the admin API of a node. */
export interface AdminClientOptions {
  readonly fetch: AdminFetch;
  /** Where the API stands; `/admin/v1` of the same origin when left out. */
  readonly base?: string;
  /** The session's CSRF token, as the sign-in told it. */
  readonly csrf?: () => string | undefined;
  /** For a program to which the digits of a number matter: `1.50` of a record stays `1.50` both ways. */
  readonly json?: AdminJson;
}

/** Why the node did not do what it was asked: its status, a stable code and a sentence. */
export class AdminRefusal extends Error {
  override readonly name = "AdminRefusal";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, sentence: string) {
    super(sentence);
    this.status = status;
    this.code = code;
  }
}

/** An answer that no node of this version gives: `no-json` is another program's, `other-shape` another version's. */
export class AdminNonsense extends Error {
  override readonly name = "AdminNonsense";
  readonly kind: "no-json" | "other-shape";

  constructor(kind: AdminNonsense["kind"], cause: unknown) {
    super(`The answer is not what the admin API tells (${kind}).`, { cause });
    this.kind = kind;
  }
}

/** What is asked of an endpoint, before it becomes a request. */
export interface AdminAsked {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Sends a request and answers what came back when it is no refusal. Throws `AdminRefusal`. */
export async function askNode(
  { fetch, base = "/admin/v1", csrf, json = JSON }: AdminClientOptions,
  name: string,
  { path, query, body, signal }: AdminAsked = {},
): Promise<AdminFetchAnswer> {
  const [method = "GET", pattern = ""] = name.split(" ");
  const answer = await fetch(base + fill(pattern, path) + queryText(query), {
    method,
    credentials: "same-origin",
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(method === "GET" ? {} : csrfHeader(csrf?.())),
    },
    ...(body === undefined ? {} : { body: json.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  if (!answer.ok) throw refusalOf(answer.status, await answer.text());
  return answer;
}

function fill(pattern: string, names: Readonly<Record<string, string>> = {}): string {
  return pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(names[name] ?? ""));
}

function queryText(query: Readonly<Record<string, unknown>> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return text && `?${text}`;
}

function csrfHeader(token: string | undefined): Readonly<Record<string, string>> {
  return token === undefined ? {} : { "x-tributary-csrf": token };
}

function refusalOf(status: number, text: string): AdminRefusal {
  try {
    const { code, message } = refusalAnswer.parse(JSON.parse(text));
    return new AdminRefusal(status, code, message);
  } catch {
    return new AdminRefusal(status, "unknown", `The node answered ${status}.`);
  }
}
