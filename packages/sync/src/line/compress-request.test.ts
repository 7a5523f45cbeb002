import { setImmediate as nextTurn } from "node:timers/promises";
import { zstdDecompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compressRequest } from "./compress-request.ts";

describe("the body of a request", () => {
  it.each([1_023, 1_024, 30_000, 500_000])("of %d characters arrives as it was written", async (length) => {
    const text = "[ab]".repeat(length).slice(0, length);

    const { bytes, headers } = await compressRequest(text);

    expect("content-encoding" in headers).toBe(length >= 1_024);
    expect(Buffer.from(length < 1_024 ? bytes : zstdDecompressSync(bytes)).toString()).toBe(text);
  });

  it("[S220] that asks for records is written before the thread turns to a portion that has come", async () => {
    const order: string[] = [];
    const turn = nextTurn().then(() => order.push("portion"));

    await compressRequest(JSON.stringify(Array.from({ length: 1_000 }, (_, n) => ["Observation", `o-${n}`])));
    order.push("request");
    await turn;

    expect(order).toEqual(["request", "portion"]);
  });
});
