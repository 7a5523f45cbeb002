import { expect, it } from "vitest";
import { RetryBudget } from "./retry-budget.ts";

it("[S55] allows a burst of extra requests, and then one for every ten ordinary ones", () => {
  const budget = new RetryBudget();
  let burst = 0;
  while (budget.spend()) burst += 1;

  let extra = 0;
  for (let request = 0; request < 1_000; request++) {
    budget.earn();
    if (budget.spend()) extra += 1;
  }

  expect(burst).toBe(20);
  expect(extra).toBeGreaterThan(90);
  expect(extra).toBeLessThanOrEqual(100);
});
