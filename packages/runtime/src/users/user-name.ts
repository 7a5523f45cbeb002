/** What a user can be called: as it is typed at the sign-in, and as the audit trail keeps it. */
export const userNamePattern = /^[a-z0-9][a-z0-9._@-]{0,62}$/;
