import type * as z from "zod";

/** What a request, or the parameters of a list, must be; `Value` is what comes of it. */
export type RequestSchema<Value> = z.ZodType<Value>;

/** A request that was read, or the places in it that are wrong: names and codes, never values. */
export type ReadRequest<Value> =
  | { readonly kind: "read"; readonly value: Value }
  | { readonly kind: "wrong"; readonly places: readonly string[] };

/** Reads a request by its schema. */
export function readRequest<Value>(schema: RequestSchema<Value>, given: unknown): ReadRequest<Value> {
  const result = schema.safeParse(given);
  if (result.success) return { kind: "read", value: result.data };
  return {
    kind: "wrong",
    places: result.error.issues.map(({ path, code }) => `${path.join(".") || "the request"} (${code})`),
  };
}
