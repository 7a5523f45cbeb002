import { expect, it } from "vitest";
import { barriersAt } from "./barriers.ts";
import { chooseByKeys } from "./choose-by-keys.ts";
import { networkOfTests } from "./network-for-browser.ts";
import { openScreen } from "./open-screen.ts";
import { says } from "./says.ts";
import { tabTo } from "./tab-to.ts";

/** Longer than a change takes to be taken up on a machine that has much else to do. */
const patience = { timeout: 180_000, interval: 200 };

const network = networkOfTests();

it("changes a schedule: what is not valid is said at the field, what is valid is in force, told, and taken back", async () => {
  const { parent, child, signedIn } = network();
  await parent.put({ resourceType: "Patient", id: "far" } as never);
  const { page, wrong } = await signedIn(child);

  await openScreen(page, "Set-up");
  await page.getByRole("tab", { name: "Schedules and policies" }).click();
  await page.getByRole("button", { name: "Change: When it fetches" }).click();
  const dialog = page.getByRole("dialog");
  const save = dialog.getByRole("button", { name: "Save" });
  const mayWithoutReason = await save.isEnabled();
  await dialog.getByText("By the clock").click();
  await dialog.getByLabel("Cron expression").fill("now and then");
  await dialog.getByLabel("Reason").fill("the line is better now");
  await save.click();
  await says(dialog, /^pull\.cron is no cron expression/);
  const isMarked = await dialog.getByLabel("Cron expression").getAttribute("aria-invalid");
  const barriers = await barriersAt(page, "a schedule that is not valid");
  await dialog.getByText("At intervals").click();
  const seconds = dialog.getByLabel("Seconds from one time to the next");
  await seconds.fill("0");
  await save.click();
  await says(dialog, /^pull\.everySeconds is a number that cannot be used/);
  barriers.push(...(await barriersAt(page, "an interval that is not valid")));
  await seconds.fill("1");
  await save.click();
  await dialog.waitFor({ state: "detached" });
  await says(page, "set here, in version 1");
  const history = page.getByRole("table", { name: "Changes made here" });
  await history
    .getByRole("row", {
      name: /^1 .*administrator.*When it fetches: the configuration’s → every 1 second.*the line is better/,
    })
    .waitFor();
  const held = () => child.admin("GET", "/records/Patient/far").catch(() => undefined);
  await expect.poll(held, patience).toMatchObject({ body: { id: "far" } });
  await page.getByRole("button", { name: "Back to the configuration: When it fetches" }).click();
  await says(dialog, "From now on holds what the configuration says: every 1 day.");
  await dialog.getByLabel("Reason").fill("as it was");
  await dialog.getByRole("button", { name: "Back to the configuration" }).click();
  await history.getByRole("row", { name: /^2 .*every 1 second → the configuration’s.*as it was/ }).waitFor();

  expect([mayWithoutReason, isMarked, barriers]).toEqual([false, "true", []]);
  expect(await child.admin("GET", "/settings")).toMatchObject({
    version: 2,
    schedules: { pull: { from: "file", value: { everySeconds: 86_400 } } },
  });
  expect(wrong).toEqual([]);
});

it("writes a rule about who wins and a list of types by the keyboard alone", async () => {
  const { child, signedIn } = network();
  const { page, wrong } = await signedIn(child);
  const { keyboard } = page;
  await page.goto(`${child.url}/console/set-up?tab=schedules`);
  const dialog = page.getByRole("dialog");

  await tabTo(page, page.getByRole("button", { name: "Change: Policies" }));
  await keyboard.press("Enter");
  await tabTo(page, dialog.getByRole("button", { name: "Add a rule" }));
  await keyboard.press("Enter");
  const rule = dialog.getByRole("group", { name: "Rule 1" });
  await tabTo(page, dialog.getByLabel("Reason"));
  await keyboard.type("the clinic asks people itself");
  await tabTo(page, rule.getByLabel("Type"));
  await keyboard.type("Pateint");
  await tabTo(page, dialog.getByRole("button", { name: "Save" }));
  await keyboard.press("Enter");
  await says(rule, /did you mean Patient\?$/);
  const barriers = await barriersAt(page, "a rule that is not valid");
  await tabTo(page, rule.getByLabel("Type"));
  await keyboard.press("Control+A");
  await keyboard.type("Patient");
  await tabTo(page, rule.getByLabel("Element"));
  await keyboard.type("telecom");
  await tabTo(page, rule.getByLabel("Policy"));
  await chooseByKeys(rule.getByLabel("Policy"), "the child");
  await tabTo(page, dialog.getByRole("button", { name: "Save" }));
  await keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("row", { name: "Patient telecom the child" }).waitFor();
  await tabTo(page, page.getByRole("button", { name: "Change: Types that are sent" }));
  await keyboard.press("Enter");
  await tabTo(page, dialog.getByLabel("Not these types"));
  await keyboard.type("Media, Binary");
  await tabTo(page, dialog.getByLabel("Reason"));
  await keyboard.type("the line is dear");
  await tabTo(page, dialog.getByRole("button", { name: "Save" }));
  await keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await says(page, "every type, not Media, Binary");

  expect(barriers).toEqual([]);
  expect(await child.admin("GET", "/settings")).toMatchObject({
    types: { push: { value: { exclude: ["Media", "Binary"] }, from: "settings" } },
    policies: { value: [{ type: "Patient", element: "telecom", policy: "child-wins" }] },
  });
  expect(wrong).toEqual([]);
});

it("moves a rule by the keyboard: the focus goes with it, its place is told, and what it changes before it is saved", async () => {
  const { child, signedIn } = network();
  const { version } = await child.admin("GET", "/settings");
  const policies = [
    { type: "Patient", element: "telecom", policy: "child-wins" },
    { type: "Patient", element: "birthDate", policy: "manual" },
    { type: "Patient", element: "telecom", policy: "parent-wins" },
  ];
  await child.admin("PUT", "/settings", { version, reason: "written one below the other", policies });
  const { page, wrong } = await signedIn(child);
  const { keyboard } = page;
  await page.goto(`${child.url}/console/set-up?tab=schedules`);
  const dialog = page.getByRole("dialog");
  const isFocused = (name: string) => dialog.getByRole("button", { name }).and(page.locator(":focus")).waitFor();

  await page.getByRole("button", { name: "Change: Policies" }).click();
  await says(dialog, "Decides nothing: rule 1 is for the same, and stands above it.");
  await says(dialog, "Nothing would change.");
  const isFirstMovable = await dialog.getByRole("button", { name: "Move rule 1 up" }).isEnabled();
  await tabTo(page, dialog.getByRole("button", { name: "Move rule 3 up" }));
  await keyboard.press("Enter");
  await says(dialog.getByRole("status"), "Rule 3 is now rule 2 of 3.");
  await says(dialog, "Only the order would change; every element is decided as before.");
  await isFocused("Move rule 2 up");
  await keyboard.press("Enter");
  await says(dialog.getByRole("status"), "Rule 2 is now rule 1 of 3.");
  await dialog.getByRole("row", { name: "Patient telecom the child the parent" }).waitFor();
  await isFocused("Move rule 1 down");
  const barriers = await barriersAt(page, "rules in another order");
  await tabTo(page, dialog.getByLabel("Reason"));
  await keyboard.type("the district decides");
  await tabTo(page, dialog.getByRole("button", { name: "Save" }));
  await keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("row", { name: "1 Patient telecom the parent" }).waitFor();
  const history = page.getByRole("table", { name: "Changes made here" });
  await history.getByRole("row", { name: /Patient.telecom: the child; .* → Patient.telecom: the parent; / }).waitFor();

  expect([isFirstMovable, barriers]).toEqual([false, []]);
  const [first, second, third] = policies;
  expect(await child.admin("GET", "/settings")).toMatchObject({ policies: { value: [third, first, second] } });
  expect(wrong).toEqual([]);
});

it("sets when all is verified, and what is sent first, each with what the node refuses at its field", async () => {
  const { child, signedIn } = network();
  const { page, wrong } = await signedIn(child);
  await page.goto(`${child.url}/console/set-up?tab=schedules`);
  const dialog = page.getByRole("dialog");
  const save = dialog.getByRole("button", { name: "Save" });

  await page.getByRole("button", { name: "Change: When it verifies" }).click();
  await dialog.getByLabel("Cron expression").fill("on Sundays");
  await dialog.getByLabel("Reason").fill("the line is free on Sundays");
  await save.click();
  await dialog
    .getByRole("alert")
    .getByText(/^verify\.cron is no cron expression/)
    .waitFor();
  await dialog.getByLabel("Cron expression").fill("17 3 * * 0");
  await dialog.getByText("Mend what differs").click();
  await save.click();
  await dialog.waitFor({ state: "detached" });
  await says(page, "by the clock: 17 3 * * 0, and mends what differs");
  await page.getByRole("button", { name: "Change: What is sent first" }).click();
  const types = dialog.getByLabel("Types, the first one first");
  await types.fill("Flag, Takk");
  await dialog.getByLabel("Reason").fill("warnings must not wait");
  await save.click();
  await dialog
    .getByRole("alert")
    .getByText(/^push\.first names what is no FHIR resource type/)
    .waitFor();
  const barriers = await barriersAt(page, "types that are not valid");
  await types.fill("Flag, Task");
  await save.click();
  await dialog.waitFor({ state: "detached" });
  await says(page, "Flag, Task", { exact: true });

  expect(barriers).toEqual([]);
  expect(await child.admin("GET", "/settings")).toMatchObject({
    verify: { value: { cron: "17 3 * * 0", repair: true }, from: "settings" },
    push: { first: { value: ["Flag", "Task"], from: "settings" } },
  });
  expect(wrong).toEqual([]);
});

it.each(["viewer", "operator", "reviewer"] as const)("lets a %s change nothing of it", async (role) => {
  const { child, signedIn } = network();
  const { page } = await signedIn(child, role);

  await page.goto(`${child.url}/console/set-up?tab=schedules`);
  const tabs = page.getByRole("tab");
  await tabs.first().waitFor();
  const isShown = (await tabs.allTextContents()).includes("Schedules and policies");
  if (isShown) await says(page, "Sends", { exact: true });
  const changes = await page.getByRole("button", { name: /^(Change|Back to the configuration):/ }).count();
  const refused = await page.evaluate(async () => {
    const { csrf } = await (await fetch("/admin/v1/session")).json();
    const headers = { "content-type": "application/json", "x-tributary-csrf": csrf };
    const body = JSON.stringify({ version: 0, reason: "x", policies: [] });
    return (await fetch("/admin/v1/settings", { method: "PUT", headers, body })).status;
  });

  expect([isShown, changes, refused]).toEqual([role !== "viewer", 0, 403]);
});
