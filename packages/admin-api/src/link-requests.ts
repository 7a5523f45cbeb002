import * as z from "zod";

/** Characters of a reason that somebody gives; a node keeps the first 200 of them. */
const reasonLengthMax = 1_000;

/** Why somebody does something; it is kept in the audit trail. */
export const reason = z.string().min(1).max(reasonLengthMax);

const directions = z
  .array(z.enum(["push", "pull"]))
  .min(1)
  .max(2);

/** `POST /admin/v1/push` and `/pull`: one round now. */
export const roundRequest = z.strictObject({
  /** Only tell what would go or come; nothing is written at either end. */
  dryRun: z.boolean().default(false),
  evenIfPaused: z.boolean().default(false),
});

/** `POST /admin/v1/pause`: stops one direction of the link, or both. */
export const pauseRequest = z.strictObject({ directions: directions.default(["push", "pull"]), reason });

/** `POST /admin/v1/resume`. */
export const resumeRequest = z.strictObject({ directions: directions.default(["push", "pull"]) });

/** How a round is asked for: in earnest or dry, and whether a pause counts. */
export type RoundRequest = z.input<typeof roundRequest>;
/** Which directions are to be paused, and why. */
export type PauseRequest = z.input<typeof pauseRequest>;
/** Which directions are to go on. */
export type ResumeRequest = z.input<typeof resumeRequest>;
