import * as z from "zod";
import { type AdminEndpoint, type adminEndpoints, endpointOf } from "./admin-endpoints.ts";

type Of<Name extends AdminEndpoint> = (typeof adminEndpoints)[Name];

type NamesIn<Path extends string> = Path extends `${infer Head}/${infer Rest}`
  ? NameOf<Head> | NamesIn<Rest>
  : NameOf<Path>;
type NameOf<Segment extends string> = Segment extends `:${infer Name}` ? Name : never;

/** What one endpoint is asked with: names in its path, parameters, and a body, as far as it has them. */
export type AdminInput<Name extends AdminEndpoint> = ([NamesIn<Name>] extends [never]
  ? unknown
  : { readonly path: Readonly<Record<NamesIn<Name>, string>> }) &
  (Of<Name> extends { readonly query: infer Query extends z.ZodType } ? { readonly query?: z.input<Query> } : unknown) &
  (Of<Name> extends { readonly body: infer Body extends z.ZodType } ? { readonly body: z.input<Body> } : unknown) & {
    readonly signal?: AbortSignal;
  };

/** What one endpoint answers. */
export type AdminAnswer<Name extends AdminEndpoint> = Of<Name>["answer"] extends infer Answer extends z.ZodType
  ? z.output<Answer>
  : string;

type Inputs<Name extends AdminEndpoint> =
  Record<string, never> extends AdminInput<Name> ? [input?: AdminInput<Name>] : [input: AdminInput<Name>];

/**
 * Asks a node: `await ask("GET /failures/:id", { path: { id } })`. What is no JSON comes as text.
 * Throws `AdminRefusal`.
 */
export type AdminClient = <Name extends AdminEndpoint>(
  name: Name,
  ...inputs: Inputs<Name>
) => Promise<AdminAnswer<Name>>;

export interface AdminClientOptions {
  readonly fetch: typeof globalThis.fetch;
  /** Where the API stands; `/admin/v1` of the same origin when left out. */
  readonly base?: string;
  /** The session's CSRF token, as the sign-in told it. */
  readonly csrf?: () => string | undefined;
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

const refusal = z.object({ code: z.string(), message: z.string() });

/** Makes a typed client of a node's admin API; each answer is held against its schema. */
export function adminClient({ fetch, base = "/admin/v1", csrf }: AdminClientOptions): AdminClient {
  return async (name, ...inputs) => {
    const [method = "GET", pattern = ""] = name.split(" ");
    const input = (inputs[0] ?? {}) as {
      readonly path?: Readonly<Record<string, string>>;
      readonly query?: Readonly<Record<string, unknown>>;
      readonly body?: unknown;
      readonly signal?: AbortSignal;
    };
    const response = await fetch(base + fill(pattern, input.path) + queryText(input.query), {
      method,
      credentials: "same-origin",
      headers: {
        ...(input.body === undefined ? {} : { "content-type": "application/json" }),
        ...(method === "GET" ? {} : csrfHeader(csrf?.())),
      },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      ...(input.signal ? { signal: input.signal } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw refusalOf(response.status, text);
    const schema = endpointOf(name).answer;
    return (schema ? schema.parse(JSON.parse(text)) : text) as AdminAnswer<typeof name>;
  };
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
    const { code, message } = refusal.parse(JSON.parse(text));
    return new AdminRefusal(status, code, message);
  } catch {
    return new AdminRefusal(status, "unknown", `The node answered ${status}.`);
  }
}
