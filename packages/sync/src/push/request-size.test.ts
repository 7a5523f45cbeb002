import { expect, it } from "vitest";
import { batchBytesMin } from "../pull/batch-size.ts";
import { pushUnitsMax } from "./push-batch.ts";
import { RequestSize } from "./request-size.ts";

it("[S45] asks for less after every failure, down to one unit, and for more after answers", () => {
  const size = new RequestSize();
  let failures = 0;
  while (size.failed(size.units)) failures += 1;

  expect(failures).toBeLessThanOrEqual(14);
  expect([size.bytes, size.units]).toEqual([batchBytesMin, 1]);

  for (let answers = 0; answers < 10; answers++) size.answered(100);

  expect(size.units).toBe(pushUnitsMax);
  expect(size.bytes).toBeGreaterThan(batchBytesMin);
});
