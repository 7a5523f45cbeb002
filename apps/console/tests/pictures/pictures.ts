import type { Page } from "playwright-core";
import type { LakesideNetwork } from "./lakeside-network.ts";

/** One picture: at which node, where in its console, and what is done before it is taken. */
export interface Picture {
  readonly name: string;
  readonly node: "hospital" | "lake" | "hub";
  readonly path: (network: LakesideNetwork) => string | Promise<string>;
  readonly prepare?: (page: Page) => Promise<void>;
}

const at = (path: string) => () => path;

/** The pictures of the guide to the console. What is prepared is done by the roles and names of the page in English. */
export const pictures: readonly Picture[] = [
  { name: "network", node: "hospital", path: at("/") },
  { name: "alerts", node: "hospital", path: at("/alerts"), prepare: waitForAlert },
  { name: "child", node: "hospital", path: at("/network/lake-clinic") },
  { name: "conflicts", node: "hospital", path: at("/conflicts") },
  { name: "conflict", node: "hospital", path: firstConflict, prepare: chooseFromChild },
  { name: "records", node: "hospital", path: at("/records?q=otieno") },
  { name: "audit", node: "hospital", path: at("/audit"), prepare: verifyChains },
  { name: "feeds", node: "hospital", path: at("/feeds") },
  { name: "feed-page", node: "hospital", path: at("/feeds/all/recent") },
  { name: "move-marker", node: "hospital", path: at("/feeds"), prepare: moveMarker },
  { name: "consumers-failures", node: "hospital", path: at("/failures?tab=consumers") },
  { name: "event", node: "hospital", path: firstPatientEvent },
  { name: "catchments", node: "hospital", path: at("/catchments") },
  { name: "catchment-rule", node: "hospital", path: at("/catchments/siaya"), prepare: previewRule },
  { name: "set-up-enrol", node: "hospital", path: at("/set-up"), prepare: issueCode },
  { name: "set-up-users", node: "hospital", path: at("/set-up?tab=users") },
  { name: "set-up-tokens", node: "hospital", path: at("/set-up?tab=tokens") },
  { name: "set-up-configuration", node: "hospital", path: at("/set-up?tab=settings"), prepare: onlyWhatIsSet },
  { name: "set-up-changes", node: "hospital", path: at("/set-up?tab=changes"), prepare: async () => undefined },
  { name: "set-up-schedules", node: "lake", path: changedSettings },
  { name: "set-up-policies", node: "lake", path: at("/set-up?tab=schedules"), prepare: moveRule },
  { name: "set-up-schedule-form", node: "lake", path: at("/set-up?tab=schedules"), prepare: mistypeSchedule },
  { name: "hub", node: "hub", path: at("/") },
  { name: "node", node: "lake", path: at("/node") },
  { name: "failed-events", node: "lake", path: at("/failures") },
  { name: "failed-event", node: "lake", path: firstFailure },
  { name: "edit-and-retry", node: "lake", path: firstFailure, prepare: editFailure },
  { name: "record", node: "lake", path: at("/records/Patient/patient-4") },
  { name: "sync-record", node: "lake", path: at("/records/Patient/patient-4"), prepare: previewSync },
  { name: "timeline", node: "lake", path: at("/records/Patient/patient-1"), prepare: showTimeline },
];

async function firstConflict({ hospital }: LakesideNetwork): Promise<string> {
  const { conflicts } = await hospital.admin("GET", "/conflicts");
  return `/conflicts/${(conflicts as { conflictId: string }[])[0]?.conflictId ?? ""}`;
}

async function firstFailure({ lake }: LakesideNetwork): Promise<string> {
  const { failures } = await lake.admin("GET", "/failures");
  return `/failures/${encodeURIComponent((failures as { failureId: string }[])[0]?.failureId ?? "")}`;
}

async function changedSettings({ lake }: LakesideNetwork): Promise<string> {
  const { version } = await lake.admin("GET", "/settings");
  await lake.admin("PUT", "/settings", {
    version,
    reason: "the clinic asks people for their numbers itself",
    policies: [
      { type: "Patient", element: "telecom", policy: "child-wins" },
      { type: "Patient", element: "birthDate", policy: "manual" },
      { type: "Patient", element: "telecom", policy: "latest-wins" },
    ],
    types: { push: { exclude: ["Media"] } },
  });
  return "/set-up?tab=schedules";
}

async function firstPatientEvent({ hospital }: LakesideNetwork): Promise<string> {
  const { entries } = await hospital.admin("GET", "/feeds/patient/1");
  return `/events/${encodeURIComponent((entries as { id: string }[])[1]?.id ?? "")}`;
}

async function chooseFromChild(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Take all from the child" }).click();
  await page.getByText("Valid. The record would change so:").nth(1).waitFor();
  await page.setViewportSize({ width: 1280, height: 1400 });
}

async function waitForAlert(page: Page): Promise<void> {
  const silent = page.getByText(/^island-clinic was last heard of/).first();
  while (!(await silent.isVisible())) {
    await page.reload();
    await page.locator("main [aria-busy=true]").first().waitFor({ state: "detached" });
  }
}

async function verifyChains(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Verify the chains" }).click();
  await page.getByText("Sound: every entry stands in its place.").waitFor();
}

async function moveMarker(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Move the marker: laboratory" }).click();
  await page.getByRole("dialog").getByText("Before everything").click();
  await page.getByRole("dialog").getByLabel("Reason").fill("the laboratory was rebuilt");
}

async function previewRule(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Change the rule" }).click();
  await page.getByLabel("Rule as JSON").fill('{ "location": { "address": "Kenya%*%*%Kisumu" } }');
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("region", { name: "Enter" }).waitFor();
  await page.setViewportSize({ width: 1280, height: 1300 });
}

async function issueCode(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Enrol a child" }).click();
  await page.getByLabel("Name of the child").fill("ferry-clinic");
  await page.getByRole("button", { name: "Issue a code" }).click();
  await page.getByRole("img", { name: "The command as a QR code" }).waitFor();
}

async function onlyWhatIsSet(page: Page): Promise<void> {
  await page.getByText("Only what differs from the default").click();
}

async function moveRule(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Change: Policies" }).click();
  const dialog = page.getByRole("dialog");
  for (const rule of [3, 2]) await dialog.getByRole("button", { name: `Move rule ${rule} up` }).click();
  await page.setViewportSize({ width: 1280, height: 1000 });
}

async function mistypeSchedule(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Change: When it fetches" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("By the clock").click();
  await dialog.getByLabel("Cron expression").fill("every ten minutes");
  await dialog.getByLabel("Reason").fill("the line is slow in the morning");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("alert").filter({ hasText: "pull.cron" }).waitFor();
}

async function editFailure(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Edit and retry/ }).click();
  await page.getByLabel("Observation/weight-17 as JSON").scrollIntoViewIfNeeded();
}

async function previewSync(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Synchronize now" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Preview" }).click();
  await page.getByText(/would change|Nothing would change/).waitFor();
}

async function showTimeline(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Timeline" }).click();
}
