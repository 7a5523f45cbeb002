import type * as z from "zod";
import type { Right } from "./access.ts";

/** One line of the admin API: who may call it, what it takes, and what it answers. */
export interface Endpoint {
  readonly right: Right;
  /** What it is for, in one sentence. */
  readonly summary: string;
  /** The parameters behind the question mark. */
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** The JSON that it answers; `null` for what is no JSON, such as an export. */
  readonly answer: z.ZodType | null;
}

/** Endpoints by method and path below `/admin/v1`: `GET /failures/:id`. */
export type EndpointTable = Readonly<Record<`${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`, Endpoint>>;
