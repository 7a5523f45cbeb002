import type { conflictWords as english } from "../en/conflicts.ts";

export const conflictWords: Readonly<Record<keyof typeof english, string>> = {};
