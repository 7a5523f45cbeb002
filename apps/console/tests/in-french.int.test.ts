import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { barriersAt } from "./barriers.ts";
import { openPage, signIn } from "./browser.ts";
import { password } from "./linked-nodes.ts";
import { networkOfTests } from "./network-for-browser.ts";
import { says } from "./says.ts";

const network = networkOfTests();

it("loads its French only for whoever reads it, and goes on in it after the page is loaded again", async () => {
  const { parent, browser } = network();
  const { page, wrong } = await openPage(browser);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await signIn(page, parent.url, "viewer", password);
  const inEnglish = asked.filter(isFrench);

  await page.getByRole("button", { name: "Parler français" }).click();
  await page.getByRole("heading", { level: 1, name: "Réseau" }).waitFor();
  const inFrench = asked.filter(isFrench);
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Réseau" }).waitFor();
  const language = await page.evaluate(() => document.documentElement.lang);
  await page.context().close();

  expect([inEnglish, inFrench.length, language, wrong]).toEqual([[], 1, "fr", []]);
});

it("says in French why the node refuses a schedule, at its field, and a rule about who wins, at its row", async () => {
  const { child, signedIn } = network();
  const { page, wrong } = await signedIn(child);
  await readFrench(page, `${child.url}/console/set-up?tab=schedules`);
  const dialog = page.getByRole("dialog");
  const save = dialog.getByRole("button", { name: "Enregistrer" });

  await page.getByRole("button", { name: "Modifier: Quand il cherche" }).click();
  await dialog.getByText("À l’horloge", { exact: true }).click();
  await dialog.getByLabel("Expression cron").fill("parfois");
  await dialog.getByLabel("Motif").fill("la ligne est meilleure");
  await save.click();
  await says(dialog, /^pull\.cron n’est pas une expression cron comme/);
  const isMarked = await dialog.getByLabel("Expression cron").getAttribute("aria-invalid");
  await dialog.getByText("À intervalles", { exact: true }).click();
  await dialog.getByLabel("Secondes d’une fois à la suivante").fill("0");
  await save.click();
  await says(
    dialog,
    "pull.everySeconds est un nombre qui ne convient pas ; écrivez un nombre de 0.1 à 86400, par exemple 30.",
  );
  const barriers = await barriersAt(page, "a schedule that is refused in French");
  await dialog.getByRole("button", { name: "Annuler" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Modifier: Politiques" }).click();
  await dialog.getByRole("button", { name: "Ajouter une règle" }).click();
  const rule = dialog.getByRole("group", { name: "Règle 1" });
  await rule.getByLabel("Type").fill("Pateint");
  await dialog.getByLabel("Motif").fill("la clinique demande aux gens");
  await save.click();
  await says(rule, /n’est pas un type de ressource FHIR ; vouliez-vous dire Patient \?$/);

  expect([isMarked, barriers, wrong]).toEqual(["true", [], []]);
});

it("tells in French what each setting is for, and finds a setting by it", async () => {
  const { child, signedIn } = network();
  const { page, wrong } = await signedIn(child);

  await readFrench(page, `${child.url}/console/set-up?tab=settings`);
  const row = (key: string) => page.getByRole("row").filter({ has: page.getByText(key, { exact: true }) });
  await says(row("node.timeZone"), "Le fuseau horaire des expressions cron");
  await page.getByRole("searchbox", { name: "Trouver un réglage" }).fill("fuseau horaire");
  await row("http.port").waitFor({ state: "detached" });
  const found = await page.getByRole("row").allTextContents();

  expect(found.filter((text) => text.includes("fuseau horaire"))).toHaveLength(found.length - 1);
  expect(wrong).toEqual([]);
});

it("says a refusal in French, with the node's sentence beside what says less than it", async () => {
  const { parent, signedIn } = network();
  const { page, wrong } = await signedIn(parent);
  await readFrench(page, `${parent.url}/console/set-up?tab=users`);
  const dialog = page.getByRole("dialog");

  await page.getByRole("button", { name: "Nouvel utilisateur" }).click();
  await dialog.getByLabel("Nom d’utilisateur").fill("viewer");
  await dialog.getByLabel("Mot de passe", { exact: true }).fill("une courte phrase");
  await dialog.getByRole("button", { name: "Créer" }).click();
  await says(dialog, "Il y a déjà un utilisateur viewer. (CONFIG_INVALID)");
  await page.goto(`${parent.url}/console/catchments/new`);
  await page.getByLabel("Bassin", { exact: true }).fill("lac");
  await page.getByLabel("Règle en JSON").fill('{ "magic": {} }');
  await page.getByRole("button", { name: "Aperçu" }).click();
  await says(page, "Le nom ou la règle du bassin ne convient pas");
  const original = page.locator('[lang="en"]').filter({ visible: true });
  const said = await original.first().textContent();
  const barriers = await barriersAt(page, "a refusal in two languages");

  expect([said, barriers, wrong]).toEqual([expect.stringMatching(/^There is no strategy magic;/), [], []]);
});

/** Opens a page in French, as a browser does that was told so before. The user's own language at the node stays. */
async function readFrench(page: Page, address: string): Promise<void> {
  await page.evaluate(() => localStorage.setItem("tributary-language", "fr"));
  await page.goto(address);
  await page.getByRole("navigation", { name: "Écrans" }).waitFor();
}

function isFrench(path: string): boolean {
  return /\/french-[^/]+\.js$/.test(path);
}
