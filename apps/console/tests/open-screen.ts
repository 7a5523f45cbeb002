import type { Locator, Page } from "playwright-core";

/** Goes to a screen by the navigation, in English, and waits until it is there. */
export async function openScreen(page: Page, name: string): Promise<void> {
  await linkToScreen(page, name).click();
  await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
}

/** The way to a screen in the navigation; other links may be called alike. */
export function linkToScreen(page: Page, name: string): Locator {
  return page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name, exact: true });
}
