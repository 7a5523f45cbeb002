import type { Locator, Page } from "playwright-core";

/** Waits until a page or a part of it says this to whoever looks at it, in one place or in several. */
export async function says(place: Page | Locator, text: string | RegExp, { exact = false } = {}): Promise<void> {
  await place.getByText(text, { exact }).filter({ visible: true }).first().waitFor();
}
