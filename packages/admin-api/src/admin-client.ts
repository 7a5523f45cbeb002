import type * as z from "zod";
import { type AdminEndpoint, type adminEndpoints, endpointOf } from "./admin-endpoints.ts";
import { type AdminAsked, type AdminClientOptions, type AdminJson, AdminNonsense, askNode } from "./admin-exchange.ts";

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
 * Throws `AdminRefusal` and `AdminNonsense`.
 */
export type AdminClient = <Name extends AdminEndpoint>(
  name: Name,
  ...inputs: Inputs<Name>
) => Promise<AdminAnswer<Name>>;

/** Endpoints whose answer is no JSON, such as an export. */
export type StreamedEndpoint = {
  [Name in AdminEndpoint]: Of<Name>["answer"] extends null ? Name : never;
}[AdminEndpoint];

/**
 * Asks for what may be too long to hold: `for await (const text of read("GET /audit/export"))`. The node sends no faster
 * than the parts are taken. Throws `AdminRefusal` before the first part.
 */
export type AdminReader = <Name extends StreamedEndpoint>(name: Name, ...inputs: Inputs<Name>) => AsyncIterable<string>;

/** Makes a typed client of a node's admin API; each answer is held against its schema. */
export function adminClient(options: AdminClientOptions): AdminClient {
  const { json = JSON } = options;
  return async (name, ...inputs) => {
    const answer = await askNode(options, name, inputs[0] as AdminAsked | undefined);
    const text = await answer.text();
    const schema = endpointOf(name).answer;
    return (schema ? answerIn(text, schema, json) : text) as AdminAnswer<typeof name>;
  };
}

function answerIn(text: string, schema: z.ZodType, json: AdminJson): unknown {
  let value: unknown;
  try {
    value = json.parse(text);
  } catch (cause) {
    throw new AdminNonsense("no-json", cause);
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new AdminNonsense("other-shape", read.error);
}

/** Makes a typed reader of a node's long answers. */
export function adminReader(options: AdminClientOptions): AdminReader {
  return async function* read(name, ...inputs) {
    const { body } = await askNode(options, name, inputs[0] as AdminAsked | undefined);
    const decoder = new TextDecoder();
    for await (const part of body ?? []) yield decoder.decode(part, { stream: true });
    const rest = decoder.decode();
    if (rest !== "") yield rest;
  };
}
