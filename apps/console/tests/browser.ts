import chromium from "@sparticuz/chromium";
import { type Browser, type Page, chromium as playwright } from "playwright-core";
import { oneAtATime } from "./one-at-a-time.ts";

/** How long a page may take to show what is expected; generous, since the machine may be busy. */
const patienceMs = 120_000;

/** Starts the headless browser that comes with the development packages. */
export async function openBrowser(): Promise<Browser> {
  // In one process the contexts share their cookies, and one that is closed takes the browser with it.
  const args = chromium.args.filter((one) => one !== "--single-process");
  // The first start unpacks it; whoever came meanwhile would start half of it.
  const executablePath = await oneAtATime("browser", () => chromium.executablePath());
  return playwright.launch({ executablePath, args, headless: true, timeout: patienceMs });
}

/** A fresh page, in English, without anybody signed in; what the page reports as wrong is collected. */
export async function openPage(browser: Browser): Promise<{ readonly page: Page; readonly wrong: readonly string[] }> {
  const context = await browser.newContext({ locale: "en", viewport: { width: 1360, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const wrong: string[] = [];
  page.on("pageerror", ({ message }) => wrong.push(message));
  page.on("console", (message) => {
    // A refused request is told by the browser too; the pages say it in their own words.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) wrong.push(message.text());
  });
  return { page, wrong };
}

/** Signs in through the form. */
export async function signIn(page: Page, url: string, user: string, password: string): Promise<void> {
  await page.goto(`${url}/console/`);
  await page.getByLabel("User name").fill(user);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Network" }).waitFor();
}
