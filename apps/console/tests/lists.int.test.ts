import type { Locator } from "playwright-core";
import { expect, it } from "vitest";
import { barriersAt } from "./barriers.ts";
import { failOnePush, meetInConflict } from "./linked-nodes.ts";
import { networkOfTests } from "./network-for-browser.ts";
import { openScreen } from "./open-screen.ts";
import { says } from "./says.ts";

/** The child soon finds its parent silent. */
const ofChild = { TRIBUTARY_ALERTS_SILENT_MINUTES: "0.1" };
const network = networkOfTests(ofChild, async ({ parent, child }) => {
  await meetInConflict(parent, child, "anna");
  await meetInConflict(parent, child, "zuri");
  await failOnePush(child, { id: "weight-a", missing: "nobody" });
  await failOnePush(child, { id: "weight-z", missing: "nobody" });
  for (const [name, list] of [
    ["hills", ["anna"]],
    ["shore", []],
  ] as const) {
    await parent.admin("PUT", `/catchments/${name}`, { rule: { list }, reason: "The clinics open." });
  }
});

it("sorts conflicts at the node by record and by age, and finds those of a type", async () => {
  const { parent, signedIn } = network();
  const { page, wrong } = await signedIn(parent, "reviewer");

  await openScreen(page, "Conflicts");
  const table = page.getByRole("table", { name: "Conflicts" });
  await firstRow(table, "Patient/anna");
  await sort(table, "Record", "ascending");
  await firstRow(table, "Patient/anna");
  await sort(table, "Record", "descending");
  await firstRow(table, "Patient/zuri");
  await sort(table, "Opened", "ascending");
  await firstRow(table, "Patient/anna");
  await page.getByLabel("Type").selectOption("Patient");
  await firstRow(table, "Patient/anna");
  await page.reload();
  await firstRow(table, "Patient/anna");
  const chosen = await page.getByLabel("Type").inputValue();
  await page.getByLabel("State").selectOption("resolved");
  await says(page, "No conflict is like this.");

  expect(chosen).toBe("Patient");
  expect(wrong).toEqual([]);
});

it("hands what a record has open to a colleague, who finds it among their own, or to a group of elsewhere", async () => {
  const { parent, signedIn } = network();
  const { page, wrong } = await signedIn(parent, "administrator");

  await openScreen(page, "Conflicts");
  await page
    .getByRole("row", { name: /zuri birthDate/ })
    .getByRole("link")
    .click();
  await says(page, "2 elements were changed at both sites. Assigned to nobody.");
  await page.getByRole("button", { name: "Assign", exact: true }).click();
  const dialog = page.getByRole("dialog");
  const to = dialog.getByLabel("Assigned to");
  await to.selectOption("reviewer: Clinical reviewer, 0 open");
  const barriers = await barriersAt(page, "a choice of colleagues");
  await dialog.getByRole("button", { name: "Assign" }).click();
  await dialog.waitFor({ state: "detached" });
  await says(page, "Assigned to reviewer.");
  await page.getByRole("button", { name: "Assign", exact: true }).click();
  await to.selectOption("A group, or somebody at another node");
  const mayWithoutName = await dialog.getByRole("button", { name: "Assign" }).isEnabled();
  await dialog.getByLabel("Name of the group or the person").fill("the district’s clerks");
  await dialog.getByRole("button", { name: "Assign" }).click();
  await dialog.waitFor({ state: "detached" });
  await says(page, "Assigned to the district’s clerks.");
  await page.getByRole("button", { name: "Assign", exact: true }).click();
  await to.selectOption("reviewer: Clinical reviewer, 0 open");
  await dialog.getByRole("button", { name: "Assign" }).click();
  await dialog.waitFor({ state: "detached" });
  const colleague = await signedIn(parent, "reviewer");
  await openScreen(colleague.page, "Conflicts");
  await colleague.page.getByLabel("Assigned to").selectOption("Me");
  const theirs = colleague.page.getByRole("table", { name: "Conflicts" });
  await theirs.getByRole("row", { name: /zuri birthDate/ }).waitFor();
  await expect.poll(() => theirs.getByRole("row", { name: /Patient/ }).count()).toBe(2);

  expect([mayWithoutName, barriers]).toEqual([false, []]);
  expect([...wrong, ...colleague.wrong]).toEqual([]);
});

it("sorts patients found, patients of a catchment and readers of an event at the node", async () => {
  const { parent, signedIn } = network();
  const { page, wrong } = await signedIn(parent);
  const members = async () => (await parent.admin("GET", "/catchments/hills/members"))["items"];
  await expect.poll(members, { timeout: 180_000, interval: 200 }).toMatchObject([{ patient: "anna" }]);
  const { entries } = (await parent.admin("GET", "/feeds/patient/1")) as { entries: { id: string }[] };

  await page.goto(`${parent.url}/console/records?q=Achieng`);
  const found = page.getByRole("table", { name: "Records" });
  await sort(found, "Record", "ascending");
  await firstRow(found, "Patient/anna");
  await sort(found, "Record", "descending");
  await firstRow(found, "Patient/zuri");
  await page.goto(`${parent.url}/console/catchments/hills`);
  const listed = page.getByRole("table", { name: "Members" });
  await sort(listed, "Since", "ascending");
  await firstRow(listed, "Patient/anna");
  await page.goto(`${parent.url}/console/events/${encodeURIComponent(entries[0]?.id ?? "")}`);
  const readers = page.getByRole("table", { name: "Consumers" });
  await sort(readers, "Consumer", "ascending");
  await firstRow(readers, "clinic");

  expect(new URL(page.url()).search).toBe("?sort=consumer&order=asc");
  expect(wrong).toEqual([]);
});

it("sorts failed events at the node, each way, and keeps the order in the address", async () => {
  const { child, signedIn } = network();
  const { page, wrong } = await signedIn(child, "operator");

  await openScreen(page, "Failed events");
  const table = page.getByRole("table", { name: "Failed events" });
  await firstRow(table, "Observation/weight-a");
  await sort(table, "Records", "descending");
  await firstRow(table, "Observation/weight-z");
  await sort(table, "First failed", "ascending");
  await firstRow(table, "Observation/weight-a");
  await sort(table, "First failed", "descending");
  await firstRow(table, "Observation/weight-z");
  await page.reload();
  await firstRow(table, "Observation/weight-z");
  await page.getByRole("tab", { name: "At consumers of the feeds" }).click();
  await says(page, "No consumer has failed on an event.");

  expect(new URL(page.url()).search).toBe("?tab=consumers");
  expect(wrong).toEqual([]);
});

it("sorts the lists of a screen each for itself, and leaves filters and order behind with their tab", async () => {
  const { parent, signedIn } = network();
  const { page, wrong } = await signedIn(parent);

  await openScreen(page, "Catchments");
  const catchments = page.getByRole("table", { name: "Catchments", exact: true });
  await firstRow(catchments, "hills");
  await sort(page.getByRole("table", { name: "Children and their catchments" }), "Last seen", "ascending");
  await sort(catchments, "Patients", "ascending");
  await firstRow(catchments, "shore");
  await openScreen(page, "Set-up");
  await sort(page.getByRole("table", { name: "Children" }), "Enrolled", "ascending");
  await page.getByLabel("Access").selectOption("revoked");
  await says(page, "No child is like this.");
  await page.getByRole("tab", { name: "Users" }).click();
  const users = page.getByRole("table", { name: "Users" });
  await firstRow(users, "administrator (you)");
  await sort(users, "User name", "descending");
  await firstRow(users, "viewer");
  await page.getByLabel("Role").selectOption("operator");
  await firstRow(users, "operator");

  expect(wrong).toEqual([]);
});

// A node looks once a minute whether something is wrong.
it("lists what is wrong by the rules, found by state and rule, in the user's language", async () => {
  const { child, signedIn } = network();
  const isSilent = async () => {
    const { items } = await child.admin("GET", "/alerts?rule=parent-silent&state=open");
    return (items as readonly unknown[]).length;
  };
  await expect.poll(isSilent, { timeout: 240_000, interval: 500 }).toBe(1);
  const { page, wrong } = await signedIn(child, "viewer");

  await page.getByRole("link", { name: "All alerts" }).click();
  const table = page.getByRole("table", { name: "Alerts" });
  await page.getByLabel("State").selectOption("open");
  await page.getByLabel("Rule").selectOption("parent-silent");
  await says(table, /^centre was last heard of .* ago; check its power/);
  await sort(table, "Began", "ascending");
  await firstRow(table, "centre");
  await page.getByRole("button", { name: "Parler français" }).click();
  await says(page.getByRole("table", { name: "Alertes" }), /^centre n’a plus donné signe depuis/);
  await page.getByLabel("Règle").selectOption("clone");
  await says(page, "Aucune alerte ne correspond.");

  expect(wrong).toEqual([]);
});

it("discards all that failed, and not only what stands on the page, when that is chosen", async () => {
  const { child, signedIn } = network();
  for (let at = 0; at < 26; at += 1) {
    const subject = { reference: "Patient/nobody" };
    const code = { text: "Height" };
    await child.put({ resourceType: "Observation", id: `height-${at}`, status: "final", code, subject } as never);
  }
  await child.admin("POST", "/push", {});
  const { page, wrong } = await signedIn(child, "operator");

  await openScreen(page, "Failed events");
  await says(page, "28 in all");
  await page.getByRole("checkbox", { name: "Select all on this page" }).press("Space");
  await says(page, "25 on this page are chosen.");
  await page.getByRole("button", { name: "Choose all 28" }).click();
  await says(page, "All 28 are chosen, on every page.");
  await page.getByRole("button", { name: "Discard selected" }).click();
  const dialog = page.getByRole("dialog", { name: "Discard 28 failed events" });
  await dialog.getByLabel("Reason").fill("written by a scale that was not set up");
  await dialog.getByRole("button", { name: "Discard", exact: true }).click();
  await says(page, "28 were discarded.");
  await says(page, "Nothing has failed.");

  expect(await child.admin("GET", "/failures")).toMatchObject({ total: 0 });
  expect(wrong).toEqual([]);
});

/** Waits until the node's answer begins with a row that holds the text. */
async function firstRow(table: Locator, text: string): Promise<void> {
  await table.getByRole("row").nth(1).getByText(text, { exact: true }).waitFor();
}

/** Clicks the head of a column until the list is sorted by it in that way. */
async function sort(table: Locator, column: string, way: "ascending" | "descending"): Promise<void> {
  const head = table.getByRole("columnheader", { name: column });
  await head.getByRole("button").click();
  await head.and(table.page().locator(`[aria-sort=${way}]`)).waitFor();
}
