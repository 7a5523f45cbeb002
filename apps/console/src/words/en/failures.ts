/** The words of one screen. */
export const failureWords = {} as const;
