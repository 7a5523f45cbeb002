import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTestProvider, testClient } from "@tributary/runtime/testing";
import type { Page } from "playwright-core";
import { expect, it, vi } from "vitest";
import { openBrowser, openPage } from "../../apps/console/tests/browser.ts";
import { builtConsole } from "../../apps/console/tests/built-console.ts";
import { freePorts } from "../../apps/console/tests/free-ports.ts";
import { serve, tributary } from "../../apps/console/tests/program.ts";
import { says } from "../../apps/console/tests/says.ts";

/** A node, a provider and a browser are started within each test, on a machine that may have much else to do. */
vi.setConfig({ testTimeout: 600_000 });

/** A node of a site whose people are known to an OpenID provider, and a browser before both. */
async function openSite() {
  await using opened = new AsyncDisposableStack();
  await builtConsole();
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const provider = opened.use(await openTestProvider({ redirectUris: [`${url}/admin/v1/sign-in/openid/back`] }));
  provider.accounts.set("u-1", { name: "amina", groups: ["clinicians"], locale: "en" });
  provider.accounts.set("u-2", { name: "visitor", groups: ["strangers"] });
  const folder = await mkdtemp(join(tmpdir(), "console-openid-"));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  await tributary("init", "parent", "--dir", folder, "--id", "centre", "--port", String(port));
  await appendFile(
    join(folder, "tributary.yaml"),
    `\nopenid: { issuer: "${provider.issuer}", clientId: ${testClient.id}, name: Ministry, roles: { reviewer: [clinicians] } }\n`,
  );
  opened.use(await serve(folder, url, { TRIBUTARY_OPENID_CLIENT_SECRET: testClient.secret }));
  const browser = await openBrowser();
  opened.defer(() => browser.close());
  const { page, wrong } = await openPage(browser);
  const running = opened.move();
  return { url, provider, page, wrong, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Fills in what the provider asks, once its page is there. */
async function tellProvider(page: Page, issuer: string, account: string): Promise<void> {
  const login = page.locator("input[name=login]");
  await login.waitFor();
  expect(page.url().startsWith(issuer)).toBe(true);
  await login.fill(account);
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  await page.locator("input[name=prompt][value=consent]").waitFor({ state: "attached" });
  await page.locator("button[type=submit]").click();
}

it("leads over the provider's own pages to the screen that was asked for, in the role of the groups, and out of both", async () => {
  await using site = await openSite();
  const { url, provider, page } = site;

  await page.goto(`${url}/console/conflicts`);
  await page.getByRole("link", { name: "Sign in with Ministry" }).click();
  await tellProvider(page, provider.issuer, "u-1");
  await page.getByRole("heading", { level: 1, name: "Conflicts" }).waitFor();
  const screens = await page.getByRole("navigation", { name: "Screens" }).getByRole("link").allTextContents();
  const session = await page.evaluate<{ user: string; role: string }>(
    "fetch('/admin/v1/session').then((answer) => answer.json())",
  );
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(`${provider.issuer}/**`);

  expect(session).toMatchObject({ user: "amina", role: "reviewer", signsInBy: "openid" });
  expect(screens).toContain("Records");
  await page.goto(`${url}/console/conflicts`);
  await page.getByRole("link", { name: "Sign in with Ministry" }).waitFor();
  expect(site.wrong.filter((message) => message.includes(url))).toEqual([]);
});

it("leads whoever the provider knows and the node does not back to the door, and says why", async () => {
  await using site = await openSite();
  const { url, provider, page } = site;

  await page.goto(`${url}/console/`);
  await page.getByRole("link", { name: "Sign in with Ministry" }).click();
  await tellProvider(page, provider.issuer, "u-2");
  await says(page, "The provider knows you, and gives you no role at this node.");

  const session = await page.evaluate<number>("fetch('/admin/v1/session').then(({ status }) => status)");
  expect(session).toBe(401);
});
