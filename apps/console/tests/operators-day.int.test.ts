import { expect, it } from "vitest";
import { openPage, signIn } from "./browser.ts";
import { failOnePush, meetInConflict, password } from "./linked-nodes.ts";
import { networkOfTests } from "./network-for-browser.ts";
import { enrol, startNode } from "./node-for-browser.ts";
import { openScreen } from "./open-screen.ts";
import { says } from "./says.ts";

const network = networkOfTests();

it("leads a newcomer from the link of the first start to an enrolled child", async () => {
  await using centre = await startNode("parent", "hospital");
  await using clinic = await startNode("child", "outpost");
  await centre.put({ resourceType: "Patient", id: "first" });
  const { page, wrong } = await openPage(network().browser);

  await page.goto(await centre.serving.setUpLink());
  await page.getByLabel("User name").fill("achieng");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Password, once more").fill(password);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await says(page, "No child has enrolled yet.");
  await openScreen(page, "Set-up");
  await page.getByRole("button", { name: "Enrol a child" }).click();
  await page.getByLabel("Name of the child").fill("outpost");
  await page.getByRole("button", { name: "Issue a code" }).click();
  const code = (await page.locator("output").textContent())?.replaceAll(" ", "") ?? "";
  await enrol(clinic, centre, code);
  await clinic.admin("POST", "/pull", {});
  await page.getByRole("button", { name: "Done" }).click();
  await openScreen(page, "Network");
  const row = page.getByRole("row", { name: /outpost/ });
  await says(row, /^(In step|Behind)$/);

  expect(await page.getByRole("link", { name: "outpost" }).count()).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
});

it("lets an operator find why an event waits, mend it and see it gone, without seeing the record", async () => {
  const { child, parent, signedIn } = network();
  await failOnePush(child, { id: "weight-1", missing: "not-yet" });
  const { page, wrong } = await signedIn(child, "operator");

  await openScreen(page, "Failed events");
  await page.getByRole("link", { name: "Observation/weight-1" }).click();
  await says(page, "Parked at the parent");
  await says(page, "Patient/not-yet");
  await says(page, "Not shown to your role");
  await parent.put({ resourceType: "Patient", id: "not-yet" });
  await page.getByRole("button", { name: "Retry now" }).click();
  await says(page, "This event is not on the list any more");
  await page.getByRole("link", { name: "All failed events" }).click();
  await says(page, "Nothing has failed.");

  expect(await child.admin("GET", "/failures")).toMatchObject({ total: 0 });
  expect(wrong).toEqual([]);
});

it("discards what will never go, only with a reason", async () => {
  const { child, signedIn } = network();
  await failOnePush(child, { id: "weight-2", missing: "never" });
  const { page } = await signedIn(child, "operator");

  await openScreen(page, "Failed events");
  await page.getByRole("checkbox", { name: "Select Observation/weight-2" }).press("Space");
  await page.getByRole("button", { name: "Discard selected" }).click();
  const dialog = page.getByRole("dialog");
  const discard = dialog.getByRole("button", { name: "Discard", exact: true });
  const withoutReason = await discard.isDisabled();
  await dialog.getByLabel("Reason").fill("entered in error");
  await discard.click();
  await says(page, "1 was discarded.");
  await says(page, "Nothing has failed.");

  expect(withoutReason).toBe(true);
  const trail = await child.admin("GET", "/audit?actor=operator&limit=1");
  expect(trail).toMatchObject({ entries: [{ actor: "operator", error: "entered in error" }] });
});

it("settles a record's conflicts at the child, and shows them resolved at the parent", async () => {
  const { child, parent, signedIn } = network();
  await meetInConflict(parent, child, "otieno");
  const { page, wrong } = await signedIn(child, "reviewer");

  await openScreen(page, "Conflicts");
  await page
    .getByRole("row", { name: /otieno birthDate/ })
    .getByRole("link")
    .click();
  await says(page, "2 elements were changed at both sites.");
  await page.getByRole("button", { name: "Take all from the child" }).click();
  const birthDate = page.getByRole("region", { name: "birthDate" });
  await birthDate.getByText("Another value").click();
  await birthDate.getByLabel("Value of birthDate").fill("yesterday");
  await page.getByLabel("Reason").fill("asked the family");
  await says(birthDate, "The record would not be valid:");
  const maySettleInvalid = await page.getByRole("button", { name: "Settle 2" }).isEnabled();
  await birthDate.getByLabel("Value of birthDate").fill("1983-03-03");
  await birthDate.getByRole("row", { name: /Date of birth .* 1983-03-03/ }).waitFor();
  await page.getByRole("button", { name: "Settle 2" }).click();
  await says(page, "2 conflicts were settled.");
  await child.admin("POST", "/push", {});
  const atParent = await signedIn(parent, "reviewer");
  await atParent.page.goto(`${parent.url}/console/conflicts?state=resolved`);
  await atParent.page.getByRole("row", { name: /Patient\/otieno.*birthDate/ }).waitFor();

  expect(maySettleInvalid).toBe(false);
  expect(await parent.admin("GET", "/conflicts")).toMatchObject({ conflicts: [] });
  const record = await parent.admin("GET", "/records/Patient/otieno");
  expect(record).toMatchObject({ body: { birthDate: "1983-03-03", name: [{ family: "Owino" }] } });
  expect([...wrong, ...atParent.wrong]).toEqual([]);
});

it("shows a viewer that something waits, and neither values nor ways to change it", async () => {
  const { child, parent, signedIn } = network();
  await meetInConflict(parent, child, "auma");
  const { page } = await signedIn(child, "viewer");

  const screens = await page.getByRole("navigation", { name: "Screens" }).getByRole("link").allTextContents();
  await openScreen(page, "Conflicts");
  await page
    .getByRole("row", { name: /auma birthDate/ })
    .getByRole("link")
    .click();
  await says(page, "Not shown to your role");
  const shown = await page.locator("main").textContent();
  const buttons = await page.locator("main").getByRole("button").count();
  const refused = await page.evaluate(async () => {
    const { csrf } = await (await fetch("/admin/v1/session")).json();
    const headers = { "content-type": "application/json", "x-tributary-csrf": csrf };
    return (await fetch("/admin/v1/pause", { method: "POST", headers, body: '{"reason":"x"}' })).status;
  });

  expect(screens).not.toContain("Records");
  expect(shown).not.toMatch(/1981|1982|Atieno|Owino/);
  expect([buttons, refused]).toEqual([0, 403]);
});

it("loads no more than 500 KB until the network is shown for the first time", async () => {
  const { parent, browser } = network();
  const { page } = await openPage(browser);
  const line = await page.context().newCDPSession(page);
  let bytes = 0;
  await line.send("Network.enable");
  line.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await signIn(page, parent.url, "viewer", password);
  await page.getByRole("row", { name: /clinic/ }).waitFor();
  console.log(`first load: ${Math.round(bytes / 1_000)} KB compressed`);

  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(500_000);
});

it("speaks French and goes dark when asked to, and remembers both", async () => {
  const { parent, signedIn } = network();
  const { page } = await signedIn(parent, "viewer");

  await page.getByRole("button", { name: "Parler français" }).click();
  await page.getByRole("button", { name: "Apparence sombre" }).click();
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Réseau" }).waitFor();

  expect(await page.locator("html").getAttribute("lang")).toBe("fr");
  expect(await page.locator("html").getAttribute("data-carbon-theme")).toBe("g100");
});
