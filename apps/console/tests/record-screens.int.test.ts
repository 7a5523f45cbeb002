import { cp, rm } from "node:fs/promises";
import { expect, it } from "vitest";
import { barriersAt } from "./barriers.ts";
import { freePorts } from "./free-ports.ts";
import { password } from "./linked-nodes.ts";
import { aPatient, networkOfTests, shareTwoPatients } from "./network-for-browser.ts";
import { enrol, startNode } from "./node-for-browser.ts";
import { openScreen } from "./open-screen.ts";
import { serve } from "./program.ts";
import { says } from "./says.ts";

/** Longer than nodes take to hear of each other on a machine that has much else to do. */
const patience = { timeout: 180_000, interval: 200 };

const network = networkOfTests({}, shareTwoPatients);

it("finds a patient by name, tells what happened to the record, and brings it into step by hand", async () => {
  const { parent, child, signedIn } = network();
  const { page, wrong } = await signedIn(child);
  await child.admin("POST", "/pause", { reason: "The line is to stay quiet." });
  await child.put(aPatient("p1", "Amina Otieno", { gender: "female", birthDate: "1984-03-12" }));

  await openScreen(page, "Records");
  await page.getByRole("searchbox").fill("otieno");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("link", { name: /Amina Otieno/ }).click();
  await page.getByRole("heading", { level: 1, name: "Amina Otieno" }).waitFor();
  await says(page, "KE-p1");
  await page.getByRole("tab", { name: "Timeline" }).click();
  const changes = page.getByRole("table", { name: "Version 2" });
  await changes.getByRole("row", { name: /Date of birth 1984-03-21 1984-03-12/ }).waitFor();

  await page.getByRole("button", { name: "Synchronize now" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Preview" }).click();
  await says(page, "1 record would change.");
  await child.admin("POST", "/resume", {});
  await page.getByRole("dialog").getByRole("button", { name: "Synchronize" }).click();
  await says(page, /Finished: \d results?/);
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await says(page, /centre: (applied|merged|unchanged)/);

  const there = await parent.admin("GET", "/records/Patient/p1");
  expect(there).toMatchObject({ body: { birthDate: "1984-03-12" } });
  expect(wrong).toEqual([]);
});

it("finds audit entries, hands them out as files, and says of each chain whether it is whole", async () => {
  const { parent, signedIn } = network();
  const { page, wrong } = await signedIn(parent);

  await page.goto(`${parent.url}/console/audit?reference=Patient/p2`);
  const table = page.getByRole("table", { name: "Audit" });
  await table.getByRole("link", { name: "Patient/p2" }).first().waitFor();
  expect(await table.getByRole("link", { name: "Patient/p1" }).count()).toBe(0);
  const file = (await page.getByRole("link", { name: "Export CSV" }).getAttribute("href")) ?? "";
  const lines = await (await page.context().request.get(parent.url + file)).text();
  const order = table.getByRole("columnheader", { name: "When" });
  const latestFirst = await order.getAttribute("aria-sort");
  await order.getByRole("button").click();
  await order.and(page.locator("[aria-sort=ascending]")).waitFor();
  await table.getByRole("link", { name: "Patient/p2" }).first().waitFor();
  await page.getByLabel("Operation").selectOption("enrol");
  await says(page, "No entry fits these filters.");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("button", { name: "Verify the chains" }).click();
  await says(page, "Sound: every entry stands in its place.");

  expect(lines.split("\n")[0]).toMatch(/^node,position,at,actor,operation,reference/);
  expect(lines).toContain("Patient/p2");
  expect(latestFirst).toBe("descending");
  expect(wrong).toEqual([]);
});

it("turns the pages of a feed and leads from an entry to its record", async () => {
  const { parent, signedIn } = network();
  const { page, wrong } = await signedIn(parent);

  await openScreen(page, "Feeds");
  await page.getByRole("link", { name: "Browse Everything" }).click();
  await page.getByRole("heading", { level: 1, name: "Feed “Everything”" }).waitFor();
  await page.getByRole("link", { name: "Patient/p1" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Amina Otieno" }).waitFor();

  expect(wrong).toEqual([]);
});

it("shows whom a rule moves before it is saved, and gives a child its catchment", async () => {
  const { parent, signedIn } = network();
  const { page, wrong } = await signedIn(parent);

  await openScreen(page, "Catchments");
  await page.getByRole("button", { name: "New catchment" }).click();
  await page.getByLabel("Catchment", { exact: true }).fill("lake");
  await page.getByRole("button", { name: "Chosen patients" }).click();
  await page.getByLabel("Rule as JSON").fill('{"list":["p1"]}');
  await says(page, "The patient is one of p1");
  const save = page.getByRole("button", { name: "Save the rule" });
  const mayBefore = await save.isEnabled();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("region", { name: "Enter" }).getByRole("link", { name: "Patient/p1" }).waitFor();
  await save.click();
  await page.getByLabel("Reason").fill("The clinic at the lake opens.");
  await page.getByRole("dialog").getByRole("button", { name: "Save the rule" }).click();
  await page.getByRole("heading", { level: 1, name: "lake" }).waitFor();
  const members = async () => (await parent.admin("GET", "/catchments/lake/members"))["items"];
  await expect.poll(members, patience).toMatchObject([{ patient: "p1" }]);
  await page.reload();
  const find = page.getByPlaceholder("What the patient’s id begins with");
  await find.fill("p2");
  await says(page, "No patient is like this.");
  await find.fill("p");
  await page.getByRole("table", { name: "Members" }).getByRole("link", { name: "Patient/p1" }).waitFor();
  await page.goto(`${parent.url}/console/catchments`);
  await page.getByRole("button", { name: "Change: clinic", exact: true }).click();
  await page.getByRole("dialog").getByLabel("Catchment").selectOption("lake");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByRole("row", { name: /^clinic lake/ }).waitFor();

  expect(mayBefore).toBe(false);
  expect(wrong).toEqual([]);
});

it("names the types that go to every child, says at the field what is none, and goes back to the usual ones", async () => {
  const { parent, signedIn } = network();
  const { page, wrong } = await signedIn(parent);

  await openScreen(page, "Catchments");
  const section = page.getByRole("region", { name: "For every child" });
  await says(section, "The usual types:");
  await section.getByRole("button", { name: "Change: For every child" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("These:").click();
  const types = dialog.getByLabel("Types", { exact: true });
  await types.fill("Location, Questionaire");
  await dialog.getByLabel("Reason").fill("forms are made at the hospital alone");
  await dialog.getByRole("button", { name: "Save" }).click();
  await says(dialog.getByRole("alert"), /^Questionaire: there is no such resource type/);
  const barriers = await barriersAt(page, "types that are none");
  await types.fill("Location, Questionnaire");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await says(section, "Other types than the usual ones:");
  await says(section, "Questionnaire", { exact: true });
  const named = await parent.admin("GET", "/metadata-types");
  await section.getByRole("button", { name: "Change: For every child" }).click();
  await dialog.getByText("The usual ones", { exact: true }).click();
  await dialog.getByLabel("Reason").fill("as it was");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await says(section, "The usual types:");

  expect(named).toEqual({ types: ["Location", "Questionnaire"], isStandard: false });
  expect(await parent.admin("GET", "/metadata-types")).toMatchObject({ isStandard: true });
  const trail = await parent.admin("GET", "/audit?actor=administrator&outcome=metadata-types");
  expect(trail).toMatchObject({ entries: [{ error: "as it was" }, { error: "forms are made at the hospital alone" }] });
  expect([barriers, wrong]).toEqual([[], []]);
});

it("issues a code with which a child enrols, and takes its access away", async () => {
  const { parent, signedIn } = network();
  const { page, wrong } = await signedIn(parent);
  await using newcomer = await startNode("child", "clinic-2");

  await openScreen(page, "Set-up");
  await page.getByRole("button", { name: "Enrol a child" }).click();
  await page.getByLabel("Name of the child").fill("clinic-2");
  await page.getByRole("button", { name: "Issue a code" }).click();
  await page.getByRole("img", { name: "The command as a QR code" }).waitFor();
  const command = (await page.getByRole("dialog").locator("code").textContent()) ?? "";
  await enrol(newcomer, parent, command.split(" ").at(-1) ?? "");
  await page.getByRole("button", { name: "Done" }).click();
  await page.reload();
  await page.getByRole("row", { name: /clinic-2 enrolled/ }).waitFor();
  await page.getByRole("button", { name: "Revoke: clinic-2" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("row", { name: /clinic-2 revoked/ }).waitFor();

  expect(wrong).toEqual([]);
});

it("shows a child of which a copy is at work, and lets in again the installation that is chosen", async () => {
  const { parent, signedIn } = network();
  const lively = { TRIBUTARY_PULL_EVERY_SECONDS: "1" };
  await using original = await startNode("child", "twin", lively);
  const { code } = await parent.admin("POST", "/children", { node: "twin" });
  await enrol(original, parent, String(code));
  const twin = async () => {
    const { items } = await parent.admin("GET", "/children?q=twin");
    return (items as readonly { lastSeenAt: number | null; contestedAt: number | null }[])[0];
  };
  await expect.poll(async () => (await twin())?.lastSeenAt, patience).toEqual(expect.any(Number));
  await original.serving[Symbol.asyncDispose]();
  const copy = `${original.folder}-copy`;
  await using _copied = { [Symbol.asyncDispose]: () => rm(copy, { recursive: true, force: true }) };
  await cp(original.folder, copy, { recursive: true });
  const [port = 0] = await freePorts(1);
  await using _first = await serve(original.folder, original.url, lively);
  await using _second = await serve(copy, `http://127.0.0.1:${port}`, { ...lively, TRIBUTARY_HTTP_PORT: String(port) });
  await expect.poll(async () => (await twin())?.contestedAt, patience).toEqual(expect.any(Number));
  const { page, wrong } = await signedIn(parent);

  await page.goto(`${parent.url}/console/set-up?access=contested`);
  await page.getByRole("row", { name: /twin two installations/ }).waitFor();
  await page.getByRole("button", { name: "Decide: twin" }).click();
  const dialog = page.getByRole("dialog");
  const letIn = dialog.getByRole("button", { name: "Let it in again" });
  await says(dialog, "(spoke last)");
  const mayUndecided = await letIn.isEnabled();
  await dialog.getByText("(spoke last)").click();
  await letIn.click();
  await says(page, "No child is like this.");

  expect(mayUndecided).toBe(false);
  expect((await twin())?.contestedAt).toBeNull();
  expect(wrong).toEqual([]);
});

it("makes a user, and shows a viewer neither records nor users", async () => {
  const { parent, signedIn } = network();
  const { page, wrong } = await signedIn(parent);
  await page.goto(`${parent.url}/console/set-up?tab=users`);
  await page.getByRole("button", { name: "New user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("User name").fill("amadou");
  await dialog.getByLabel("Role").selectOption("reviewer");
  await dialog.getByLabel("Language").selectOption("fr");
  await dialog.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("row", { name: /amadou Clinical reviewer/ }).waitFor();

  const viewer = await signedIn(parent, "viewer");
  const navigation = viewer.page.getByRole("navigation", { name: "Screens" });
  const shown = await navigation.getByRole("link").allTextContents();
  await viewer.page.goto(`${parent.url}/console/records/Patient/p1`);
  await says(viewer.page, "Your role does not include this page.");
  await viewer.page.goto(`${parent.url}/console/set-up`);
  await viewer.page.getByRole("tab", { name: "Children" }).waitFor();

  expect(shown).not.toContain("Records");
  expect(await viewer.page.getByRole("tab").allTextContents()).toEqual(["Children", "History of changes"]);
  expect([...wrong, ...viewer.wrong]).toEqual([]);
});
