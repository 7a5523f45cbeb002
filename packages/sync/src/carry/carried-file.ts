import { createHash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { parseNodeId, TributaryError } from "@tributary/kernel";
import type { JWK } from "jose";
import { type CarryKeys, canonicalSealingKey } from "../enrolment/carry-keys.ts";
import { isSignedBy, newFileKey, type PartCipher, partCipher, signatureBytes, signFile } from "./carried-cipher.ts";

const firstLine = "tributary carried file 1\n";
/** Names, a key and a few numbers. */
const headBytesMax = 4_096;
/** A chunk of a snapshot or a batch of requests; a single record of the largest size fits with room to spare. */
const partBytesMax = 96 * 1024 * 1024;
/** As many as a snapshot has chunks, and its manifest. */
const partsMax = 100_001;

/** What a file carries: the records of a catchment, what a child says, or what its parent answers. */
export type CarriedKind = "snapshot" | "bundle" | "answer";

/** What a file tells to everybody who finds it: nothing but between whom it goes. */
export interface CarriedHead {
  readonly kind: CarriedKind;
  readonly from: string;
  readonly to: string;
}

/** Writes a file, part by part; it has its name only once it is whole and on the disk. */
export class CarriedFileWriter implements AsyncDisposable {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #cipher: PartCipher;
  readonly #sign: JWK;
  readonly #digest = createHash("sha256");
  #waiting: Uint8Array | undefined;
  #parts = 0;
  #bytes = 0;
  #isDone = false;

  private constructor(path: string, handle: FileHandle, cipher: PartCipher, sign: JWK) {
    this.#path = path;
    this.#handle = handle;
    this.#cipher = cipher;
    this.#sign = sign;
  }

  /** Begins a file. Throws `FILE_UNAVAILABLE` when it cannot be written. */
  static async create(path: string, head: CarriedHead, keys: CarryKeys): Promise<CarriedFileWriter> {
    const fileKey = newFileKey();
    const { kind, from, to } = head;
    const text = Buffer.from(`${firstLine}${JSON.stringify({ kind, from, to, key: fileKey.publicKey })}\n`);
    const handle = await reaching(path, () => open(`${path}.part`, "w"));
    const writer = new CarriedFileWriter(path, handle, partCipher(fileKey.privateKey, keys.seal, text), keys.sign);
    await writer.#write(text);
    return writer;
  }

  /** Adds a part behind the others. */
  async add(part: Uint8Array): Promise<void> {
    if (this.#waiting) await this.#seal(this.#waiting, false);
    this.#waiting = part;
  }

  /** Ends the file with its last part and the signature, and gives it its name. Returns its size. */
  async finish(): Promise<number> {
    await this.#seal(this.#waiting ?? new Uint8Array(), true);
    const signature = signFile(this.#digest.copy().digest(), this.#sign);
    await this.#write(signature);
    await reaching(this.#path, async () => {
      await this.#handle.sync();
      await this.#handle.close();
      this.#isDone = true;
      await rename(`${this.#path}.part`, this.#path);
    });
    return this.#bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDone) return;
    await this.#handle.close();
    await rm(`${this.#path}.part`, { force: true });
  }

  async #seal(part: Uint8Array, isLast: boolean): Promise<void> {
    const sealed = this.#cipher.seal(part, this.#parts, isLast);
    const length = Buffer.alloc(5);
    length.writeUInt8(isLast ? 1 : 0, 0);
    length.writeUInt32BE(sealed.byteLength, 1);
    await this.#write(length);
    await this.#write(sealed);
    this.#parts += 1;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#digest.update(bytes);
    this.#bytes += bytes.byteLength;
    await reaching(this.#path, () => this.#handle.writeFile(bytes));
  }
}

interface Place {
  readonly at: number;
  readonly length: number;
}

/** A file that was read through once and found whole, unaltered, and sent by whom it should be from. */
export class CarriedFile implements AsyncDisposable {
  readonly #handle: FileHandle;
  readonly #cipher: PartCipher;
  readonly #places: readonly Place[];

  private constructor(handle: FileHandle, cipher: PartCipher, places: readonly Place[]) {
    this.#handle = handle;
    this.#cipher = cipher;
    this.#places = places;
  }

  /**
   * Opens a file and holds all of it against its seals and its signature, before anything of it is used. Throws
   * `CARRIED_FILE_REFUSED` with the reason, and `FILE_UNAVAILABLE`.
   */
  static async open(path: string, expected: CarriedHead, keys: CarryKeys): Promise<CarriedFile> {
    const handle = await reaching(path, () => open(path, "r"));
    try {
      const { bytes, head, key } = await readHead(handle);
      if (head.to !== expected.to) throw refused(`it is for ${head.to}, and this is ${expected.to}`);
      if (head.from !== expected.from) throw refused(`it comes from ${head.from}, and not from ${expected.from}`);
      if (head.kind !== expected.kind) throw refused(`it is ${named[head.kind]}, and not ${named[expected.kind]}`);
      const cipher = partCipher(keys.open, key, bytes);
      return new CarriedFile(handle, cipher, await readThrough(handle, bytes, cipher, keys.verify));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get parts(): number {
    return this.#places.length;
  }

  /** One of its parts; a file that is altered while it is used throws `CARRIED_FILE_REFUSED`. */
  async part(place: number): Promise<Buffer> {
    const { at, length } = this.#places[place]!;
    const sealed = await readExactly(this.#handle, at, length);
    return opened(this.#cipher, sealed, place, place === this.#places.length - 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

const named: Readonly<Record<CarriedKind, string>> = {
  snapshot: "a snapshot",
  bundle: "a child's bundle",
  answer: "a parent's answer to a bundle",
};

/** Between whom a file goes, as it says itself: nothing of it is proven yet. */
export async function peekCarriedFile(path: string): Promise<CarriedHead> {
  await using handle = await reaching(path, () => open(path, "r"));
  return (await readHead(handle)).head;
}

async function readHead(handle: FileHandle): Promise<{ bytes: Buffer; head: CarriedHead; key: JWK }> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(headBytesMax), 0, headBytesMax, 0);
  const start = buffer.subarray(0, bytesRead);
  const end = start.indexOf("\n", firstLine.length);
  if (start.toString("utf8", 0, firstLine.length) !== firstLine || end < 0) {
    throw refused("it is no carried file, or its beginning is damaged");
  }
  let told: Record<string, unknown>;
  try {
    told = JSON.parse(start.toString("utf8", firstLine.length, end)) as Record<string, unknown>;
  } catch {
    throw refused("its beginning is damaged");
  }
  const { kind, from, to } = told;
  const key = canonicalSealingKey(told["key"]);
  const names = [from, to].map((name) => (typeof name === "string" ? parseNodeId(name) : undefined));
  if (typeof kind !== "string" || !Object.hasOwn(named, kind) || !names[0] || !names[1] || !key) {
    throw refused("its beginning is damaged");
  }
  return {
    bytes: Buffer.from(start.subarray(0, end + 1)),
    head: { kind: kind as CarriedKind, from: names[0], to: names[1] },
    key: JSON.parse(key) as JWK,
  };
}

async function readThrough(handle: FileHandle, head: Buffer, cipher: PartCipher, signer: JWK): Promise<Place[]> {
  const digest = createHash("sha256").update(head);
  const places: Place[] = [];
  let at = head.byteLength;
  for (let isLast = false; !isLast; ) {
    const before = await readExactly(handle, at, 5);
    const length = before.readUInt32BE(1);
    if (length > partBytesMax || places.length === partsMax) throw refused("it is damaged");
    isLast = before.readUInt8(0) === 1;
    const sealed = await readExactly(handle, at + 5, length);
    opened(cipher, sealed, places.length, isLast);
    digest.update(before).update(sealed);
    places.push({ at: at + 5, length });
    at += 5 + length;
  }
  const signature = await readExactly(handle, at, signatureBytes);
  if (!isSignedBy(digest.digest(), signature, signer)) throw refused("its signature is not that of its sender");
  if ((await handle.stat()).size !== at + signatureBytes) throw refused("it goes on behind its end");
  return places;
}

function opened(cipher: PartCipher, sealed: Buffer, place: number, isLast: boolean): Buffer {
  try {
    return cipher.open(sealed, place, isLast);
  } catch {
    throw refused("it was damaged or altered on its way, or was written for other keys");
  }
}

async function readExactly(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, at + done);
    if (bytesRead === 0) throw refused("it ends too early");
    done += bytesRead;
  }
  return buffer;
}

async function reaching<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw unavailable(path, error);
  }
}

/** That a file cannot be read or written, and why. */
export function unavailable(path: string, cause: unknown): TributaryError {
  const { code } = cause as { readonly code?: unknown };
  return new TributaryError("FILE_UNAVAILABLE", `The file ${path} cannot be used (${String(code)}).`, { cause });
}

/** Why a file is not taken; nothing has been changed then. */
export function refused(why: string): TributaryError {
  return new TributaryError("CARRIED_FILE_REFUSED", `The file was not taken: ${why}. Nothing has been changed.`);
}
