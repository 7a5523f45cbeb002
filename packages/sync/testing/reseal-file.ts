import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";
import { CarriedFile, CarriedFileWriter, type CarriedKind } from "../src/carry/carried-file.ts";
import { keysWithChild, keysWithParent } from "../src/enrolment/carry-keys.ts";
import type { NodeForTests } from "./node-for-tests.ts";

const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)];

/** Between whom a file goes, so that its sender can be given other words. */
export interface CarriedBetween {
  readonly kind: Exclude<CarriedKind, "snapshot">;
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
}

/** Writes a carried file anew, sealed and signed by its own sender, with what `change` makes of each of its parts. */
export async function resealFile(
  path: string,
  { kind, parent, child }: CarriedBetween,
  change: (part: Buffer, place: number) => Buffer,
): Promise<string> {
  const [atParent, atChild] = [await keysWithChild(parent.database, child.id), await keysWithParent(child.database)];
  const goesUp = kind === "bundle";
  const [from, to] = goesUp ? [child.id, parent.id] : [parent.id, child.id];
  await using read = await CarriedFile.open(path, { kind, from, to }, goesUp ? atParent : atChild);
  const lying = `${path}-lying`;
  await using writer = await CarriedFileWriter.create(lying, { kind, from, to }, goesUp ? atChild : atParent);
  for (let place = 0; place < read.parts; place++) {
    const part = await decompress(await read.part(place));
    await writer.add(await compress(change(part, place)));
  }
  await writer.finish();
  return lying;
}
