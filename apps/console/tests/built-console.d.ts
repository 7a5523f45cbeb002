/** Has the console built as its source is now, unless it is already; tests that run side by side build it once. */
export declare function builtConsole(): Promise<void>;
