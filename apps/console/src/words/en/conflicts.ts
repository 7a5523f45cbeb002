/** The words of one screen. */
export const conflictWords = {} as const;
