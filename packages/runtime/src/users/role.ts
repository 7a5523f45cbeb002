/** What a user may be to this node, from least to most; what each role may do is the program's table of routes. */
export const userRoles = ["viewer", "operator", "reviewer", "administrator"] as const;

/** What a user is to a node. */
export type UserRole = (typeof userRoles)[number];

/** Languages that the console speaks. */
export const userLanguages = ["en", "fr"] as const;

/** A language that the console speaks. */
export type UserLanguage = (typeof userLanguages)[number];
