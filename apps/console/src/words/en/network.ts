/** The words of one screen. */
export const networkWords = {} as const;
