import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip, type Gzip } from "node:zlib";
import type { ExportedFile } from "./bulk-export.ts";

/** Lines of one file; a client that loses the line asks for no more than that again. */
const fileLinesMax = 100_000;

interface OpenFile {
  readonly name: string;
  readonly gzip: Gzip;
  readonly written: Promise<void>;
  lines: number;
}

/** Compressed files of one line a resource, by type, in a folder that is there. Disposing of it leaves no file open. */
export class NdjsonFiles implements AsyncDisposable {
  readonly #folder: string;
  readonly #open = new Map<string, OpenFile>();
  readonly #counts = new Map<string, number>();
  readonly #ended: ExportedFile[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes a resource's text as one line. */
  async append(kind: ExportedFile["kind"], type: string, text: string): Promise<void> {
    const key = `${kind}.${type}`;
    const file = this.#open.get(key) ?? this.#begin(key);
    file.lines += 1;
    // A line's end stands in a JSON text between two tokens only, where a space means the same.
    const isTaken = file.gzip.write(`${text.replace(/[\r\n]+/g, " ")}\n`);
    if (!isTaken) await Promise.race([once(file.gzip, "drain"), file.written]);
    if (file.lines >= fileLinesMax) await this.#end(key, file);
  }

  /** Ends all files, and returns them by kind and type. */
  async finish(): Promise<ExportedFile[]> {
    for (const [key, file] of [...this.#open].sort()) await this.#end(key, file);
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { gzip, written } of this.#open.values()) {
      gzip.destroy();
      await written.catch(() => undefined);
    }
  }

  #begin(key: string): OpenFile {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    const name = `${key.replace(/^output\./, "")}.${count}.ndjson`;
    const gzip = createGzip();
    const written = pipeline(gzip, createWriteStream(join(this.#folder, storedName(name)), { mode: 0o600 }));
    // Whoever writes next, or ends the file, is told; until then it is nobody's.
    written.catch(() => undefined);
    const file = { name, gzip, written, lines: 0 };
    this.#open.set(key, file);
    return file;
  }

  async #end(key: string, { name, gzip, written, lines }: OpenFile): Promise<void> {
    gzip.end();
    await written;
    this.#open.delete(key);
    const [kind, type = ""] = key.split(".");
    this.#ended.push({ kind: kind as ExportedFile["kind"], type, name, records: lines });
  }
}

/** The file in which one of an export's files is kept. */
export function storedName(name: string): string {
  return `${name}.gz`;
}
