import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** As much of what axe finds as is asked about. */
interface Finding {
  readonly impact: string | null;
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const barriers: readonly (string | null)[] = ["serious", "critical"];

/** The places of a page that keep somebody out, each under the name of its screen. */
export async function barriersAt(page: Page, name: string): Promise<string[]> {
  // What fades in has less contrast on its way.
  await expect.poll(() => page.evaluate(isStill), { timeout: 60_000 }).toBe(true);
  await page.evaluate(axe);
  const { violations } = await page.evaluate<{ violations: Finding[] }>("axe.run({ resultTypes: ['violations'] })");
  const found = violations.filter(({ impact }) => barriers.includes(impact));
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${name}: ${id} at ${html.slice(0, 200)}`));
}

/** Whether nothing moves on the page but what moves for ever, such as what stands for waiting. */
function isStill(): boolean {
  return document
    .getAnimations()
    .every(({ playState, effect }) => playState !== "running" || effect?.getComputedTiming().endTime === Infinity);
}
