import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { openPage } from "./browser.ts";
import { addConsumers } from "./consumers.ts";
import { failOnePush, meetInConflict, password } from "./linked-nodes.ts";
import { networkOfTests } from "./network-for-browser.ts";
import { linkToScreen, openScreen } from "./open-screen.ts";
import { says } from "./says.ts";
import { tabTo } from "./tab-to.ts";

const network = networkOfTests();

it("mends a failed record in place: what is not valid is said, and what is valid goes through", async () => {
  const { parent, child, signedIn } = network();
  await parent.put({ resourceType: "Patient", id: "known" });
  await failOnePush(child, { id: "weight-3", missing: "mistyped" });
  const { page, wrong } = await signedIn(child, "reviewer");

  await openScreen(page, "Failed events");
  await page.getByRole("link", { name: "Observation/weight-3" }).click();
  await page.getByRole("button", { name: "Edit and retry: Observation/weight-3" }).click();
  const field = page.getByLabel("Observation/weight-3 as JSON");
  const text = await field.inputValue();
  const save = page.getByRole("button", { name: "Save and retry" });
  await field.fill(text.slice(0, -1));
  await says(page, "This cannot be read as JSON.");
  const maySaveHalf = await save.isEnabled();
  await field.fill(text.replace('"final"', '"finished"'));
  await save.click();
  await says(page.locator(".cds--inline-notification--error"), /status/);
  await field.fill(text.replace("Patient/mistyped", "Patient/known"));
  await save.click();
  await says(page, /Observation\/weight-3 was saved as version 2/);
  await child.admin("POST", "/push", {});
  await page.getByRole("link", { name: "All failed events" }).click();
  await says(page, "Nothing has failed.");

  expect(maySaveHalf).toBe(false);
  const there = await parent.admin("GET", "/records/Observation/weight-3");
  expect(there).toMatchObject({ body: { status: "final", subject: { reference: "Patient/known" } } });
  expect(wrong).toEqual([]);
});

it("takes a decision back with a reason, and both ends have the conflict open again", async () => {
  const { parent, child, signedIn } = network();
  await meetInConflict(parent, child, "undone");
  const { page, wrong } = await signedIn(parent, "reviewer");
  await openConflict(page, parent.url);

  await page.getByRole("button", { name: "Take all from the child" }).click();
  await page.getByLabel("Reason").fill("seen on the card");
  await page.getByRole("button", { name: "Settle 2" }).click();
  await says(page, "2 conflicts were settled.");
  await page.getByRole("button", { name: "Take the decision back: birthDate" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("it was another card");
  await dialog.getByRole("button", { name: "Take the decision back" }).click();
  await says(page, /reviewer took back the decision of reviewer.*it was another card/);
  await says(page.getByRole("region", { name: "birthDate" }), "Open", { exact: true });

  await child.admin("POST", "/pull", {});
  const open = { conflicts: [{ id: "undone", element: { elements: ["birthDate"] }, state: "open" }] };
  expect(await parent.admin("GET", "/conflicts")).toMatchObject(open);
  expect(await child.admin("GET", "/conflicts?q=undone")).toMatchObject(open);
  expect(wrong).toEqual([]);
});

it("lets an operator, who may not see people, neither edit a failed record nor decide a conflict", async () => {
  const { parent, child, signedIn } = network();
  await failOnePush(child, { id: "weight-4", missing: "nobody" });
  const { page } = await signedIn(child, "operator");

  await openScreen(page, "Failed events");
  await page.getByRole("link", { name: "Observation/weight-4" }).click();
  await says(page, "Not shown to your role");
  const edits = await page.getByRole("button", { name: /^Edit and retry/ }).count();
  const refused = await page.evaluate(async () => {
    const { csrf } = await (await fetch("/admin/v1/session")).json();
    const headers = { "content-type": "application/json", "x-tributary-csrf": csrf };
    const body = JSON.stringify({ body: { resourceType: "Observation", id: "weight-4" } });
    const id = decodeURIComponent(location.pathname.split("/").at(-1) ?? "");
    const path = `/admin/v1/failures/${encodeURIComponent(id)}/edit`;
    return (await fetch(path, { method: "POST", headers, body })).status;
  });

  expect([edits, refused]).toEqual([0, 403]);
  expect(await parent.admin("GET", "/conflicts")).toMatchObject({ conflicts: [{ state: "open" }] });
});

it("finds what a consumer failed on, follows the event to all its readers, and resets the marker with a reason", async () => {
  const { parent, signedIn } = network();
  await parent.put({ resourceType: "Patient", id: "read-1" });
  await parent.put({ resourceType: "Patient", id: "read-2" });
  addConsumers(parent);
  const { page, wrong } = await signedIn(parent, "administrator");

  await openScreen(page, "Feeds");
  await page.getByRole("link", { name: "Failed events of laboratory: 1" }).click();
  await page
    .getByRole("row", { name: /laboratory.*Tried again/ })
    .getByRole("link")
    .click();
  await says(page, "The laboratory has no such ward.");
  await page.getByRole("link", { name: "Follow the event" }).click();
  const readers = page.getByRole("table", { name: "Consumers" });
  await readers.getByRole("row", { name: /laboratory Consumer of a feed Failed, tried again/ }).waitFor();
  await readers.getByRole("row", { name: /billing Consumer of a feed Not yet/ }).waitFor();
  await readers.getByRole("row", { name: /clinic Child/ }).waitFor();
  await openScreen(page, "Feeds");
  await page.getByRole("button", { name: "Move the marker: laboratory" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Before everything").click();
  const mayWithoutReason = await dialog.getByRole("button", { name: "Move the marker" }).isEnabled();
  await dialog.getByLabel("Reason").fill("the laboratory was rebuilt");
  await dialog.getByRole("button", { name: "Move the marker" }).click();
  await says(page, "The marker of laboratory is now at –.");

  expect(mayWithoutReason).toBe(false);
  const trail = await parent.admin("GET", "/audit?actor=administrator&outcome=marker-moved");
  expect(trail).toMatchObject({ entries: [{ error: "the laboratory was rebuilt" }] });
  expect(wrong).toEqual([]);
});

it("is worked by the keyboard alone: in, to a conflict, and to its decision", async () => {
  const { parent, child, browser } = network();
  await meetInConflict(parent, child, "by-keyboard");
  const { page, wrong } = await openPage(browser);
  const { keyboard } = page;

  await page.goto(`${parent.url}/console/`);
  await tabTo(page, page.getByLabel("User name"));
  await keyboard.type("reviewer");
  await tabTo(page, page.getByLabel("Password", { exact: true }));
  await keyboard.type(password);
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Network" }).waitFor();
  await tabTo(page, linkToScreen(page, "Conflicts"));
  await keyboard.press("Enter");
  const row = page.getByRole("row", { name: /by-keyboard birthDate/ });
  await row.waitFor();
  await tabTo(page, row.getByRole("link"));
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Patient/by-keyboard" }).waitFor();
  const birthDate = page.getByRole("region", { name: "birthDate" });
  await tabTo(page, birthDate.getByRole("radio", { name: "Parent’s" }));
  await keyboard.press("Space");
  await says(birthDate, /^Valid\./);
  await tabTo(page, page.getByLabel("Reason"));
  await keyboard.type("as the card says");
  await keyboard.press("Enter");
  await says(page, "1 conflict was settled.");

  const record = await parent.admin("GET", "/records/Patient/by-keyboard");
  expect(record).toMatchObject({ body: { birthDate: "1981-01-01" } });
  expect(wrong).toEqual([]);
});

/** Goes from the network to the oldest open conflict by the links that a user follows. */
async function openConflict(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/console/`);
  await openScreen(page, "Conflicts");
  await page
    .getByRole("row", { name: /birthDate/ })
    .getByRole("link")
    .click();
  await says(page, "2 elements were changed at both sites.");
}
