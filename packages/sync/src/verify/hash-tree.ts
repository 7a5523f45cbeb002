import { hash } from "node:crypto";

/** Buckets of a tree: with 50,000 records one holds some 200, so that a difference is found in one more request. */
export const treeBuckets = 256;
/** Bytes of a bucket's digest that travel: 2 KiB for all of them. */
const bucketDigestBytes = 8;
const digestWords = 8;

/** What of a record goes into the tree. */
export interface TreeRecord {
  readonly type: string;
  readonly id: string;
  /** SHA-256 of the stored text, in hex. */
  readonly bodyHash: string;
}

/** A summary of many records by which two nodes find out whether they hold the same, and if not where they differ. */
export interface HashTree {
  readonly records: number;
  /** One digest over all, in hex. */
  readonly root: string;
  /** The digests of the buckets one behind the other, in base64url. */
  readonly buckets: string;
}

/** The bucket that a record belongs to, by its name alone. */
export function bucketOf({ type, id }: { readonly type: string; readonly id: string }): number {
  return Number.parseInt(hash("sha256", `${type}/${id}`).slice(0, 2), 16);
}

/**
 * Gathers records into a tree, in any order: a bucket's digest is the exclusive or of its records' hashes, and the root
 * the hash of all buckets. A record must not be added twice. It tells errors and losses, not forgery: both ends of a link
 * trust each other.
 */
export class HashTreeBuilder {
  readonly #words = new Uint32Array(treeBuckets * digestWords);
  #records = 0;

  add(record: TreeRecord): void {
    const told = hash("sha256", `${record.type}/${record.id}\n${record.bodyHash}`, "buffer");
    const first = bucketOf(record) * digestWords;
    for (let word = 0; word < digestWords; word++) {
      this.#words[first + word] = this.#words[first + word]! ^ told.readUInt32LE(word * 4);
    }
    this.#records += 1;
  }

  finish(): HashTree {
    const digests = Array.from({ length: treeBuckets }, (_, bucket) => {
      const words = this.#words.subarray(bucket * digestWords, (bucket + 1) * digestWords);
      return hash("sha256", Uint8Array.from(new Uint8Array(words.slice().buffer)), "buffer");
    });
    return {
      records: this.#records,
      root: hash("sha256", Buffer.concat(digests)),
      buckets: Buffer.concat(digests.map((digest) => digest.subarray(0, bucketDigestBytes))).toString("base64url"),
    };
  }
}

/** The buckets in which two trees differ; all of them when what came is no list of digests. */
export function differingBuckets(mine: string, theirs: string): number[] {
  const [here, there] = [Buffer.from(mine, "base64url"), Buffer.from(theirs, "base64url")];
  return Array.from({ length: treeBuckets }, (_, bucket) => bucket).filter((bucket) => {
    const [from, to] = [bucket * bucketDigestBytes, (bucket + 1) * bucketDigestBytes];
    return there.byteLength !== here.byteLength || !here.subarray(from, to).equals(there.subarray(from, to));
  });
}
