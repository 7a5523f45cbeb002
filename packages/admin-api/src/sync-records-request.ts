import * as z from "zod";

/** `POST /admin/v1/sync-records`: brings chosen records into step now. Exactly one of the three ways to choose is given. */
export const syncRecordsRequest = z.strictObject({
  /** `Patient/123`. */
  references: z.array(z.string().max(200)).max(1_000).optional(),
  /** A patient's id: all records of its compartment. */
  patient: z.string().max(200).optional(),
  /** `Observation?code=…&date=ge…`, done at the side that the records come from. */
  search: z.string().max(4_000).optional(),
  direction: z.enum(["push", "pull", "both"]).default("both"),
  /** Only tell what would change and what would be contested; nothing is written at either end. */
  preview: z.boolean().default(false),
  evenIfPaused: z.boolean().default(false),
});

/** Which records are to be brought into step by hand, and in which direction. */
export type SyncRecordsRequest = z.input<typeof syncRecordsRequest>;
