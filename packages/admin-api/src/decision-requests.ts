import * as z from "zod";
import { reason } from "./link-requests.ts";

/** `POST /admin/v1/conflicts/{id}/resolve`: whose value is taken, or another one that somebody typed. */
export const resolveRequest = z.union([
  z.strictObject({ take: z.enum(["parent", "child", "current"]), reason }),
  z.strictObject({ value: z.record(z.string(), z.unknown()), reason }),
]);

/** `POST /admin/v1/failures/{id}/discard`. */
export const discardRequest = z.strictObject({ reason });

export type ResolveRequest = z.input<typeof resolveRequest>;
export type DiscardRequest = z.input<typeof discardRequest>;
