import { stat } from "node:fs/promises";
import { join } from "node:path";

/** Where a file to be carried is written: under a name of its own when a folder is named, such as a stick. */
export async function carriedPath(to: string, name: string): Promise<string> {
  const isFolder = await stat(to).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? join(to, name) : to;
}

/** Bytes for people: `3.2 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
