import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { TributaryError } from "@tributary/kernel";

/** Files and, for each folder, the files in it that can hold records, in the order of their names. */
export async function findRecordFiles(places: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const place of places) {
    const isFolder = await lookAt(place);
    if (!isFolder) found.push(place);
    else {
      const names = (await readdir(place)).filter((name) => /\.(nd)?json$|\.gz$/i.test(name)).sort();
      if (names.length === 0) throw unreadable(place, "holds no .json, .ndjson or .gz file");
      found.push(...names.map((name) => join(place, name)));
    }
  }
  return found;
}

/** The error of a file that cannot be loaded: it names the file and what is wrong with it. */
export function unreadable(file: string, whatIsWrong: string, cause?: unknown): TributaryError {
  return new TributaryError("INPUT_UNREADABLE", `${file} ${whatIsWrong}.`, { cause });
}

async function lookAt(place: string): Promise<boolean> {
  try {
    return (await stat(place)).isDirectory();
  } catch (cause) {
    throw unreadable(place, `cannot be read (${(cause as { code?: string }).code})`, cause);
  }
}
