import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { openBrowser, openPage, signIn } from "../browser.ts";
import { builtConsole } from "../built-console.ts";
import { password } from "../linked-nodes.ts";
import { startLakeside } from "./lakeside-network.ts";
import { pictures } from "./pictures.ts";

/** Milliseconds in which a page that is whole does not grow. */
const stillMs = 400;
const guide = fileURLToPath(new URL("../../../../docs/guides/console", import.meta.url));

/** `node apps/console/tests/pictures/take-pictures.ts`: makes the pictures of the guide anew, from nodes that run. */
const { values } = parseArgs({
  options: {
    to: { type: "string", default: guide },
    dark: { type: "boolean", default: false },
    width: { type: "string", default: "1280" },
    french: { type: "boolean", default: false },
    only: { type: "string", default: "" },
  },
});

await mkdir(values.to, { recursive: true });
await builtConsole();
await using network = await startLakeside();
const browser = await openBrowser();
const { page, wrong } = await openPage(browser);
await page.setViewportSize({ width: Number(values.width), height: 800 });
let at = "";
for (const { name, node, path, prepare } of pictures) {
  if (!name.includes(values.only)) continue;
  const { url } = network[node];
  if (at !== url) await enter(page, url);
  at = url;
  await page.setViewportSize({ width: Number(values.width), height: 800 });
  await page.goto(`${url}/console${await path(network)}`);
  await page.locator("main h1").waitFor();
  // What is prepared goes by words, which are looked for in English.
  if (!values.french) await prepare?.(page);
  await settled(page);
  await page.screenshot({ path: join(values.to, `${name}.png`), fullPage: prepare === undefined });
  console.log(name);
}
await browser.close();
for (const message of wrong) console.error(message);

async function enter(page: Page, url: string): Promise<void> {
  await signIn(page, url, "achieng", password);
  const chosen = [values.dark ? "dark" : "light", values.french ? "fr" : "en"] as const;
  await page.evaluate(([appearance, language]) => {
    localStorage.setItem("tributary-appearance", appearance);
    localStorage.setItem("tributary-language", language);
  }, chosen);
}

/** Waits until nothing on the page stands for what is still to come, and it does not grow any more. */
async function settled(page: Page): Promise<void> {
  const waiting = "main [aria-busy=true], main .cds--loading, main .cds--skeleton, main .cds--skeleton__text";
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  for (let before = -1, now = 0; before !== now; now = await height()) {
    before = await height();
    await page.locator(waiting).first().waitFor({ state: "detached" });
    await page.waitForTimeout(stillMs);
  }
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}
