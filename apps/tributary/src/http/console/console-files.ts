import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";

/** One file of the built console, ready to be answered. */
export interface ConsoleFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly etag: string;
}

/** The built console: its page, and all files by their path below `/console/`. */
export interface ConsoleFiles {
  readonly page: ConsoleFile;
  readonly files: ReadonlyMap<string, ConsoleFile>;
}

const pageName = "index.html";

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
};

/** Keeps the built console in memory; it is read again when it has been built anew. */
export class ConsoleShelf {
  readonly #folder: string;
  #builtAt = 0;
  #files: ConsoleFiles | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The files as they are now; `undefined` when the console has not been built. */
  async read(): Promise<ConsoleFiles | undefined> {
    const builtAt = await stat(join(this.#folder, pageName)).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (builtAt === undefined) return undefined;
    if (this.#files && builtAt === this.#builtAt) return this.#files;
    this.#files = await readAll(this.#folder);
    this.#builtAt = builtAt;
    return this.#files;
  }
}

/** Only what a listing of the folder names is ever read, so that no path of a request leads elsewhere. */
async function readAll(folder: string): Promise<ConsoleFiles | undefined> {
  const listed = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, ConsoleFile>();
  for (const entry of listed) {
    const contentType = contentTypes[extname(entry.name)];
    if (!entry.isFile() || !contentType) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
    files.set(path.slice(folder.length + 1).replaceAll("\\", "/"), { bytes, contentType, etag });
  }
  const page = files.get(pageName);
  return page && { page, files };
}
