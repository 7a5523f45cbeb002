import type { networkWords as english } from "../en/network.ts";

export const networkWords: Readonly<Record<keyof typeof english, string>> = {};
