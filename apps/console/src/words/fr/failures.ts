import type { failureWords as english } from "../en/failures.ts";

export const failureWords: Readonly<Record<keyof typeof english, string>> = {};
