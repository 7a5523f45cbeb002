/// <reference lib="dom" />
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openBrowser, openPage, signIn } from "../apps/console/tests/browser.ts";
import { builtConsole } from "../apps/console/tests/built-console.ts";
import { freePort } from "../tests/program/free-port.ts";
import { tributary } from "../tests/program/tributary.ts";
import { seed } from "./console-lists.bench.ts";
import { percentile } from "./percentile.ts";
import type { Scenario } from "./scenario.ts";
import { serve } from "./serve.ts";

/** How often each screen is opened; each time with nothing in the browser's memory but the program. */
const timesEach = 5;
const aimMs = 500;
const user = { name: "bench", role: "administrator", password: "a long and quiet river" };

/** The screens, and what is seen on each once its content is there. */
const screens: readonly (readonly [name: string, path: string, shows: string])[] = [
  ["network", "/", "main td a"],
  ["network, the furthest behind first", "/?sort=behind&order=desc", "main td a"],
  ["a child", "/network/clinic-500", "main .figure"],
  ["this node", "/node", "main .figure"],
  ["failed events", "/failures", "main .empty"],
  ["conflicts", "/conflicts", "main .empty"],
  ["records", "/records?q=nobody", "main .empty"],
  ["audit", "/audit", "main td time"],
  ["audit of a user at a node", "/audit?actor=user-7&node=clinic-999&operation=merge", "main td time, main .empty"],
  ["feeds", "/feeds", "main td a"],
  ["a page of a feed, deep within", "/feeds/all/1000", "main td time"],
  ["one event at all consumers", "/events/event-49500", "main td .state"],
  ["catchments", "/catchments", "main td a"],
  ["set-up: children", "/set-up", "main td .state"],
  ["set-up: users", "/set-up?tab=users", "main td button"],
  ["set-up: API tokens", "/set-up?tab=tokens", "main td .state"],
  ["set-up: configuration", "/set-up?tab=settings", "main td code"],
  ["set-up: history of changes", "/set-up?tab=changes", "main td time, main .empty"],
];

/** How fast the console shows what a large network makes of its screens, seen from within the browser. */
export const scenarios: readonly Scenario[] = [
  {
    name: "console-screens",
    question: "How soon is each screen of the console there with 1,000 children and 1,000,000 audit entries?",
    async run(report, { quick }) {
      const [children, entries] = quick ? [1_000, 10_000] : [1_000, 1_000_000];
      await using stack = new AsyncDisposableStack();
      const folder = await mkdtemp(join(tmpdir(), "tributary-bench-"));
      stack.defer(() => rm(folder, { recursive: true, force: true }));
      const port = await freePort();
      const token = await tributary("init", "parent", "--dir", folder, "--id", "centre", "--port", String(port));
      await builtConsole();
      await seed(folder, children, entries);
      await serve(folder, stack);
      const url = `http://127.0.0.1:${port}`;
      await makeUser(url, token);
      const browser = await openBrowser();
      stack.defer(() => browser.close());
      const { page } = await openPage(browser);
      await signIn(page, url, user.name, user.password);
      const bare = await timesOf(page, url, "/account?again", "main .facts");
      for (const [name, path, shows] of screens) {
        const times = await timesOf(page, url, path, shows);
        report({
          measure: `${name}, slowest of ${timesEach}`,
          value: Math.max(...times),
          unit: "ms",
          baseline: Math.max(...bare),
          ratio: Math.max(...times) / Math.max(...bare),
          note: `median ${percentile(times, 0.5).toFixed(0)} ms, aim ${aimMs}; bare: a screen that asks the node nothing`,
        });
      }
    },
  },
];

async function makeUser(url: string, token: string): Promise<void> {
  const answer = await fetch(`${url}/admin/v1/users`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(user),
  });
  if (!answer.ok) throw new Error(`The user was not made: ${await answer.text()}`);
}

/** Milliseconds from the click that leads to a screen until its content is drawn. */
async function timesOf(page: Page, url: string, path: string, shows: string): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < timesEach; n++) {
    // A new load of the page forgets every answer; the program itself comes from the browser's cache.
    await page.goto(`${url}/console/account`);
    await page.locator("main .facts").waitFor();
    times.push(
      await page.evaluate(
        async ([place, selector]) => {
          const startedAt = performance.now();
          history.pushState(null, "", `/console${place}`);
          dispatchEvent(new PopStateEvent("popstate"));
          const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve));
          await drawn();
          while (!document.querySelector(selector)) await drawn();
          await drawn();
          return performance.now() - startedAt;
        },
        [path, shows] as const,
      ),
    );
  }
  return times;
}
