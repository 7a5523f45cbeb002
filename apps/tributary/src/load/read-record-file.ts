import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { unreadable } from "./find-record-files.ts";

const unpack = promisify(gunzip);

/** The largest file after unpacking; a larger one is better given as NDJSON in parts. */
const fileBytesMax = 512 * 1024 * 1024;
/** Lines of NDJSON that are written in one transaction: few enough that the lock is short, enough that its cost is shared. */
const linesPerBundle = 500;

/** A Bundle to be written at once, with the file that it came from. */
export interface LoadUnit {
  readonly file: string;
  /** A transaction or batch Bundle, with every number as it stood in the file. */
  readonly text: string;
  readonly entries: number;
}

interface Envelope {
  readonly resourceType?: unknown;
  readonly type?: unknown;
  readonly id?: unknown;
  readonly entry?: unknown;
}

/**
 * Reads a file of FHIR records: a transaction or batch Bundle, one resource, or NDJSON (a resource a line), each also
 * gzip-compressed. A resource with an id keeps it; one without gets one.
 *
 * Throws `INPUT_UNREADABLE` with the file's name and what is wrong.
 */
export async function* readRecordFile(file: string): AsyncGenerator<LoadUnit> {
  const text = await readText(file);
  if (/\.ndjson(\.gz)?$/i.test(file)) {
    yield* unitsOfLines(file, text.split("\n"));
    return;
  }
  const resource = parse(file, text);
  if (resource.resourceType !== "Bundle") {
    yield bundleOf(file, [entryOf(file, text, resource)]);
    return;
  }
  if (resource.type !== "transaction" && resource.type !== "batch") {
    throw unreadable(
      file,
      "is a Bundle that is neither a transaction nor a batch; only those say what is to be written",
    );
  }
  yield { file, text, entries: Array.isArray(resource.entry) ? resource.entry.length : 0 };
}

async function readText(file: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw unreadable(file, `cannot be read (${(cause as { code?: string }).code})`, cause);
  }
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    if (isCompressed) bytes = await unpack(bytes, { maxOutputLength: fileBytesMax });
  } catch (cause) {
    const isLarge = (cause as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";
    throw unreadable(file, isLarge ? `unpacks to more than ${fileBytesMax} bytes` : "is no whole gzip file", cause);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(file, "is not UTF-8", cause);
  }
}

function* unitsOfLines(file: string, lines: readonly string[]): Generator<LoadUnit> {
  let entries: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== "") {
      const place = `${file}, line ${index + 1},`;
      entries.push(entryOf(place, line, parse(place, line)));
    }
    if (entries.length === linesPerBundle) {
      yield bundleOf(file, entries);
      entries = [];
    }
  }
  if (entries.length > 0) yield bundleOf(file, entries);
}

function parse(place: string, text: string): Envelope {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(place, "is no JSON; it may have been cut short", cause);
  }
  if (typeof value !== "object" || value === null || !("resourceType" in value)) {
    throw unreadable(place, "is no FHIR resource: it has no resourceType");
  }
  return value;
}

/** The resource stands in its entry as the text it was, so that decimals keep their digits. */
function entryOf(place: string, text: string, { resourceType, id }: Envelope): string {
  if (typeof resourceType !== "string") throw unreadable(place, "is no FHIR resource: its resourceType is no text");
  const request =
    typeof id === "string" ? { method: "PUT", url: `${resourceType}/${id}` } : { method: "POST", url: resourceType };
  return `{"resource":${text.trim()},"request":${JSON.stringify(request)}}`;
}

function bundleOf(file: string, entries: readonly string[]): LoadUnit {
  const text = `{"resourceType":"Bundle","type":"transaction","entry":[${entries.join(",")}]}`;
  return { file, text, entries: entries.length };
}
