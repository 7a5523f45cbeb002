import type { Locator, Page } from "playwright-core";

/** More than any screen has that can be reached. */
const tabsMax = 120;

/** Presses Tab until something has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  for (let pressed = 0; pressed < tabsMax; pressed += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Nothing of the name ${wanted} comes within ${tabsMax} presses of Tab.`);
}
