import type { nodeWords as english } from "../en/node.ts";

export const nodeWords: Readonly<Record<keyof typeof english, string>> = {};
