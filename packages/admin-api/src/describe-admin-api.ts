import * as z from "zod";
import { type AdminEndpoint, adminEndpoints, endpointOf } from "./admin-endpoints.ts";
import type { Endpoint } from "./endpoint.ts";
import { refusalAnswer } from "./refusal.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * The admin API as an OpenAPI 3.1 document, made from the table of endpoints. `x-right` names what each asks of its
 * caller. See https://spec.openapis.org/oas/v3.1.1.html
 */
export function describeAdminApi(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const name of Object.keys(adminEndpoints) as AdminEndpoint[]) {
    const [method = "", path = ""] = name.split(" ");
    const place = path.replace(/:(\w+)/g, "{$1}");
    paths[place] = { ...paths[place], [method.toLowerCase()]: operationOf(name, path, endpointOf(name)) };
  }
  return {
    openapi: "3.1.1",
    info: { title: "Tributary admin API", version },
    servers: [{ url: "/admin/v1" }],
    security: [{ token: [] }, { session: [], csrf: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "tributary-session" },
        csrf: { type: "apiKey", in: "header", name: "x-tributary-csrf" },
      },
      schemas: { Refusal: schemaOf(refusalAnswer, "output") },
    },
  };
}

function operationOf(name: AdminEndpoint, path: string, { right, summary, query, body, answer }: Endpoint): Json {
  const refusal = { "application/json": { schema: { $ref: "#/components/schemas/Refusal" } } };
  return {
    operationId: name.replace(/[^A-Za-z]+/g, "-").toLowerCase(),
    summary,
    "x-right": right,
    ...(right === "anybody" ? { security: [] } : {}),
    parameters: [
      ...[...path.matchAll(/:(\w+)/g)].map(([, parameter]) => ({
        name: parameter,
        in: "path",
        required: true,
        schema: { type: "string" },
      })),
      ...(query ? queryParameters(schemaOf(query, "input")) : []),
    ],
    ...(body ? { requestBody: { content: { "application/json": { schema: schemaOf(body, "input") } } } } : {}),
    responses: {
      "200": {
        description: "What was asked for.",
        ...(answer ? { content: { "application/json": { schema: schemaOf(answer, "output") } } } : {}),
      },
      default: { description: "Why it was not done.", content: refusal },
    },
  };
}

function queryParameters(schema: Json): Json[] {
  const required = (schema["required"] ?? []) as readonly string[];
  return Object.entries((schema["properties"] ?? {}) as Record<string, Json>).map(([name, one]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema: one,
  }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json;
  return rest;
}
