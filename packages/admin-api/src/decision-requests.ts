import * as z from "zod";
import { reason } from "./link-requests.ts";

/** `POST /admin/v1/conflicts/{id}/resolve`: whose value is taken, or another one that somebody typed. */
export const resolveRequest = z.union([
  z.strictObject({ take: z.enum(["parent", "child", "current"]), reason }),
  z.strictObject({ value: z.record(z.string(), z.unknown()), reason }),
]);

/** `POST /admin/v1/conflicts/resolve`: every open conflict, or those of a type, or of an element and what is below it. */
export const resolveManyRequest = z.strictObject({
  take: z.enum(["parent", "child", "current"]),
  reason,
  type: z.string().max(64).optional(),
  /** `Patient.telecom` */
  element: z.string().max(500).optional(),
  /** Only tell what would come of it. */
  dryRun: z.boolean().default(false),
});

/** `POST /admin/v1/conflicts/{id}/preview`: a decision that nobody has made yet. */
export const previewRequest = z.union([
  z.strictObject({ take: z.enum(["parent", "child", "current"]) }),
  z.strictObject({ value: z.record(z.string(), z.unknown()) }),
]);

/** `POST /admin/v1/conflicts/{id}/undo`: why, and whether the record is to stay as it is now. */
export const undoRequest = z.strictObject({ reason, keepValue: z.boolean().default(false) });

/** `POST /admin/v1/failures/{id}/edit`: one of the failure's records as it should be; `version` is the one it was seen in. */
export const editRequest = z.strictObject({
  body: z.record(z.string(), z.unknown()),
  version: z.number().int().positive().optional(),
});

/** `POST /admin/v1/failures/{id}/discard`. */
export const discardRequest = z.strictObject({ reason });

/** A decision about a conflict: for which side or value, and why. */
export type ResolveRequest = z.input<typeof resolveRequest>;
/** Why something that failed is given up. */
export type DiscardRequest = z.input<typeof discardRequest>;
