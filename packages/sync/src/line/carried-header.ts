/** Header of an answer that came by hand: what it tells may be older than what came over a line since. */
export const carriedHeader = "tributary-carried";
