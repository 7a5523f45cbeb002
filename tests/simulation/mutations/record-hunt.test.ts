import { expect, it } from "vitest";
import { tableWith } from "./record-hunt.ts";

it("keeps what is known of other mutations beside what is told of one", () => {
  const once = tableWith("", { name: "no-idempotency" }, { isKilled: true, how: "I6 at seed 1" });
  const table = tableWith(once, { name: "last-writer-wins" }, { isKilled: false, how: "I2 held in 9 networks" });

  expect(table).toMatch(/^1 killed, 1 survived, \d+ not hunted yet\.$/m);
  expect(table).toMatch(/`no-idempotency`: .* \| killed: I6 at seed 1 \|$/m);
  expect(table).toMatch(/`last-writer-wins`: .* \| SURVIVED: I2 held in 9 networks \|$/m);
});
