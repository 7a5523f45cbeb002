import type { BundleText } from "../../model/bundle-text.ts";
import { refusal } from "../../model/fhir-refusal.ts";
import { type EntryRequest, readEntryRequest, readWritePath, unknownUrl } from "./entry-request.ts";

/** An entry that reads. */
export interface ReadPlan {
  readonly index: number;
  readonly asked: EntryRequest;
}

/** An entry that writes to one record. */
export interface WritePlan extends ReadPlan {
  readonly type: string;
  /** The id in its address, if there is one. */
  readonly id: string | undefined;
  /** The search that says which record is meant, or must not exist yet. */
  readonly criteria: string | undefined;
}

/** The entries of a transaction in the order in which they must be done, apart from that of the writes. */
export interface TransactionPlan {
  readonly writes: readonly WritePlan[];
  readonly reads: readonly ReadPlan[];
}

/** Reads all entries. Throws a refusal (400) that names the first which a transaction cannot have. */
export function readPlan({ entries }: BundleText, base: string): TransactionPlan {
  const writes: WritePlan[] = [];
  const reads: ReadPlan[] = [];
  const fullUrls = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const asked = readEntryRequest(entry, index, base);
    if (asked.fullUrl !== undefined && asked.method !== "GET" && asked.method !== "HEAD") {
      if (fullUrls.has(asked.fullUrl)) {
        throw refusal(400, "duplicate", "Another entry has the same fullUrl.", `${asked.name}.fullUrl`);
      }
      fullUrls.add(asked.fullUrl);
    }
    if (asked.method === "GET" || asked.method === "HEAD") reads.push(readRead(asked, index));
    else writes.push(readWrite(asked, index));
  }
  return { writes, reads };
}

function readRead(asked: EntryRequest, index: number): ReadPlan {
  if (asked.path === "") throw refusal(400, "not-supported", "The entry reads nothing.", `${asked.name}.request.url`);
  return { index, asked };
}

function readWrite(asked: EntryRequest, index: number): WritePlan {
  const { type, id } = readWritePath(asked);
  const isPost = asked.method === "POST";
  if (isPost ? id !== undefined : id === undefined && asked.query === "") throw unknownUrl(asked.name);
  if (asked.method !== "DELETE" && asked.resource === undefined) {
    throw refusal(400, "required", "The entry has no resource.", `${asked.name}.resource`);
  }
  const criteria = isPost ? asked.headers["if-none-exist"] : id === undefined ? asked.query : undefined;
  return { index, asked, type, id, criteria };
}
