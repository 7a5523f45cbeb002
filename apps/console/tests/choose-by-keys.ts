import type { Locator } from "playwright-core";

/** Chooses what a list that has the focus offers, with the arrow keys; typing its name goes by how fast one types. */
export async function chooseByKeys(list: Locator, option: string): Promise<void> {
  const offered = await list.getByRole("option").allTextContents();
  const chosen = () => list.evaluate((element) => (element as HTMLSelectElement).selectedIndex);
  const steps = offered.indexOf(option) - (await chosen());
  for (let at = 0; at < Math.abs(steps); at += 1) await list.press(steps > 0 ? "ArrowDown" : "ArrowUp");
  if (offered[await chosen()] !== option) throw new Error(`${option} is none of ${offered.join(", ")}.`);
}
