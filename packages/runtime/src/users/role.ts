/** What a user may be to this node, from least to most; what each role may do is the program's table of routes. */
export const userRoles = ["viewer", "operator", "reviewer", "administrator"] as const;

export type UserRole = (typeof userRoles)[number];

/** Languages that the console speaks. */
export const userLanguages = ["en", "fr"] as const;

export type UserLanguage = (typeof userLanguages)[number];
