import { hash } from "node:crypto";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { TributaryError } from "@tributary/kernel";
import { type WireCodec, wireBodies, wireHeaders } from "@tributary/sync/testing";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { aDamage } from "./damage.ts";
import { fuzzing, fuzzTimeoutMs, inTime } from "./fuzz-budget.ts";
import { type Recorded, recordTraffic } from "./recorded-traffic.ts";

/** How often each form is damaged in a check. */
const runs = 400;
/** Answers grow with what they are made of; a parser's own structures must not grow far beyond that. */
const heapMax = 256 * 1024 * 1024;

type Side = "request" | "answer";

/** Where real ones of each form are found in the traffic. */
const places: Readonly<Record<keyof typeof wireBodies, readonly [side: Side, path: RegExp]>> = {
  "stream page": ["answer", /^streams\//],
  "record batch": ["answer", /^read$/],
  compartments: ["answer", /^compartments\/read$/],
  catchment: ["answer", /^catchment$/],
  push: ["request", /^push$/],
  verdicts: ["answer", /^push$/],
  conflicts: ["answer", /^conflicts\/(read|decide)$/],
  decisions: ["request", /^conflicts\/decide$/],
  "audit segments": ["request", /^audit$/],
  "audit answer": ["answer", /^audit$/],
  "snapshot manifest": ["answer", /^snapshots\/latest$/],
  "snapshot chunk": ["answer", /^snapshots\/chunks\//],
  selection: ["request", /^select$/],
  "selected page": ["answer", /^select$/],
};

let traffic: readonly Recorded[];
beforeAll(async () => {
  traffic = await recordTraffic();
});

function samplesOf(name: keyof typeof wireBodies): Buffer[] {
  const [side, path] = places[name];
  return traffic
    .filter((one) => path.test(one.path) && one.answer.body.byteLength > 0)
    .map(({ request, answer }) => Buffer.from(side === "request" ? (request.body ?? "") : answer.body))
    .map((bytes) => inside(name, bytes));
}

/** What the form is wrapped in on the line comes off. */
function inside(name: keyof typeof wireBodies, bytes: Buffer): Buffer {
  if (name === "snapshot chunk") return zstdDecompressSync(bytes);
  if (name !== "snapshot manifest") return bytes;
  return Buffer.from(JSON.stringify((JSON.parse(bytes.toString()) as { manifest: unknown }).manifest));
}

/** Reads, and tells whether it was refused in one of the ways that a parser may refuse. */
function readOrRefuse(codec: WireCodec, bytes: Buffer): { readonly value: unknown } | "refused" {
  try {
    const value = codec.read(bytes);
    return value === undefined || typeof value === "string" ? "refused" : { value };
  } catch (error) {
    expect(error).toBeInstanceOf(TributaryError);
    expect((error as TributaryError).code).toBeOneOf(["REMOTE_NONSENSE", "CONFIG_INVALID"]);
    return "refused";
  }
}

function holdsForDamaged(codec: WireCodec, samples: readonly Buffer[]): Promise<void> {
  return fc.assert(
    fc.asyncProperty(fc.nat(), aDamage, async (which, damage) => {
      const damaged = damage(samples[which % samples.length]!);
      const read = await inTime(() => readOrRefuse(codec, damaged));
      if (read === "refused") return;
      expect(zeroAt(read.value)).toBeUndefined();
      if (!codec.write) return;
      const again = codec.read(Buffer.from(codec.write(read.value as never)));
      expect(again).toEqual(read.value);
    }),
    fuzzing(runs),
  );
}

/** Whole bodies and elements are kept as JSON, in which a zero character is escaped; a selection is not kept. */
const keptOtherwise = new Set(["body", "baseBody", "bodies", "element", "selection", "after", "next", "message"]);

/** Where a value has a text that PostgreSQL cannot keep. */
function zeroAt(value: unknown, place = "it"): string | undefined {
  if (typeof value === "string") return value.includes("\0") ? place : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const members = value instanceof Map ? [...value] : Object.entries(value);
  for (const [name, member] of members) {
    const found = keptOtherwise.has(String(name)) ? undefined : zeroAt(member, `${place}.${String(name)}`);
    if (found) return found;
  }
  return undefined;
}

describe.each(Object.entries(wireBodies))("a damaged %s", (name, codec: WireCodec) => {
  it(
    "[S36] is refused with a code, or is whole: written again it reads the same",
    async () => {
      const samples = samplesOf(name as keyof typeof wireBodies);
      expect(samples.length).toBeGreaterThan(0);
      for (const sample of samples) expect(readOrRefuse(codec, sample)).not.toBe("refused");

      const before = process.memoryUsage().heapUsed;
      await holdsForDamaged(codec, samples);

      expect(process.memoryUsage().heapUsed - before).toBeLessThan(heapMax);
    },
    fuzzTimeoutMs,
  );
});

const headerSamples: Readonly<Record<keyof typeof wireHeaders, readonly string[]>> = {
  "tributary-marker": ["02407b0988a0-5908:500:aGVsbG8gd29ybGQtaGFzaA", "e:0:"],
  "tributary-heads": ["conflicts=45,metadata=12", "conflicts=0"],
  "tributary-upstream": ["region=0c9f2e:118, root=0c9f2e:90"],
  "tributary-versions": ["protocol=1-2, schema=1-1"],
  "tributary-instance": ["aGVsbG8-d29ybGQ.0c9f2e:18", "a.:0"],
};

describe.each(Object.entries(wireHeaders))("a damaged header %s", (name, codec: WireCodec) => {
  it(
    "says nothing, or what reads the same when it is written again",
    async () => {
      const samples = headerSamples[name as keyof typeof wireHeaders].map((text) => Buffer.from(text));
      for (const sample of samples) {
        const read = codec.read(sample);
        expect(codec.write ? codec.write(read as never) : sample.toString()).toBe(sample.toString());
      }

      await holdsForDamaged(codec, samples);
    },
    fuzzTimeoutMs,
  );
});

describe("bodies that travel", () => {
  it("[S4] are never taken in when they are no text, although their digest is right", () => {
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
    const head = ["Patient", "p", 1, bytes.byteLength, hash("sha256", bytes), "centre", 1, null];
    const batch = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes, Buffer.from('\n{"end":1}\n')]);
    const chunk = Buffer.concat([
      Buffer.from(`${JSON.stringify(["Patient", "p", 1, bytes.byteLength, "centre", 1, null])}\n`),
      bytes,
      Buffer.from("\n"),
    ]);

    expect(() => wireBodies["record batch"].read(batch)).toThrow(TributaryError);
    expect(() => wireBodies["snapshot chunk"].read(chunk)).toThrow(TributaryError);
  });

  it("[S134] are never unpacked beyond what their manifest says", async () => {
    const bomb = zstdCompressSync(Buffer.alloc(512 * 1024 * 1024));

    const before = process.memoryUsage().arrayBuffers;
    await expect(wireBodies["snapshot chunk"].unpack(bomb, 1_000)).rejects.toThrow(TributaryError);
    await expect(wireBodies["snapshot chunk"].unpack(bomb, Number.MAX_SAFE_INTEGER)).rejects.toThrow(TributaryError);

    expect(bomb.byteLength).toBeLessThan(512 * 1024);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(heapMax);
  });
});
