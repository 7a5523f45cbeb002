/** The words of one screen. */
export const nodeWords = {} as const;
