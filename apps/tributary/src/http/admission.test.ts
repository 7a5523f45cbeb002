import { systemClock } from "@tributary/kernel";
import type { Node } from "@tributary/runtime";
import { expect, it } from "vitest";
import { createAdmission, type Knock } from "./admission.ts";

const stranger: Knock = { method: "GET", headers: {}, address: "10.0.0.1" };

it("answers strangers three hundred times at once and then by the second, each address by itself", async () => {
  const time = { now: 1_000_000 };
  const clock = { ...systemClock, now: () => time.now };
  const admit = createAdmission({ database: {} as Node["database"], clock });
  const ask = async (knock = stranger) => {
    const admission = await admit(knock, "anybody");
    return admission.kind === "refused" ? admission.refusal.status : 200;
  };

  const first = await Promise.all(Array.from({ length: 301 }, () => ask()));
  const other = await ask({ ...stranger, address: "10.0.0.2" });
  time.now += 1_000;
  const later = await Promise.all(Array.from({ length: 11 }, () => ask()));

  expect(first.filter((status) => status === 200)).toHaveLength(300);
  expect([first.at(-1), other]).toEqual([429, 200]);
  expect(later.filter((status) => status === 200)).toHaveLength(10);
  expect(later.at(-1)).toBe(429);
});
