import { expect, it } from "vitest";
import { entryAbout, type StreamEntry } from "../stream/stream-entry.ts";
import { wholeTransactions } from "./whole-transactions.ts";

const entry = (transaction: string | null): StreamEntry => ({
  ...entryAbout({ type: "Patient", id: "p" }),
  transaction,
});

it("[S200] a stretch ends before the first transaction that goes on behind it", () => {
  const gathered = ["t1", "t2", "t3", "t2"].map(entry);

  expect(wholeTransactions(gathered, [entry("t4")])).toBe(4);
  expect(wholeTransactions(gathered, [entry("t3"), entry("t4")])).toBe(2);
  expect(wholeTransactions(gathered, [entry("t1")])).toBe(0);
  expect(wholeTransactions([entry(null)], [entry(null)])).toBe(1);
});
