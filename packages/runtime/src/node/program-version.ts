import { readFileSync } from "node:fs";

/** The version of the product; all packages share one. */
export const programVersion: string = (
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }
).version;
