/** The two ways of a link, as a child sees them: its own changes go up, the parent's come down. */
export const directions = ["push", "pull"] as const;

/** One way of a link. */
export type Direction = (typeof directions)[number];
