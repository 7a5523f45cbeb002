import { expect, it } from "vitest";
import { barriersAt } from "./barriers.ts";
import { failOnePush, meetInConflict } from "./linked-nodes.ts";
import { networkOfTests, shareTwoPatients } from "./network-for-browser.ts";

let names: Readonly<Record<string, string>>;

const network = networkOfTests({}, async (started) => {
  const { parent, child } = started;
  await shareTwoPatients(started);
  await parent.admin("PUT", "/catchments/lake", { rule: { list: ["p1"] }, reason: "The clinic opens." });
  await meetInConflict(parent, child, "p3");
  await failOnePush(child, { id: "o1", missing: "nobody" });
  const { conflicts } = (await parent.admin("GET", "/conflicts")) as { conflicts: { conflictId: string }[] };
  const { failures } = (await child.admin("GET", "/failures")) as { failures: { failureId: string }[] };
  const { entries } = (await parent.admin("GET", "/feeds/all/recent")) as { entries: { id: string }[] };
  names = {
    conflict: conflicts[0]!.conflictId,
    failure: encodeURIComponent(failures[0]!.failureId),
    event: encodeURIComponent(entries[0]!.id),
  };
});

const atParent = [
  "/",
  "/network/clinic",
  "/alerts",
  "/conflicts",
  "/conflicts/:conflict",
  "/records?q=otieno",
  "/records/Patient/p1",
  "/audit",
  "/feeds",
  "/feeds/all/recent",
  "/events/:event",
  "/catchments",
  "/catchments/lake",
  "/catchments/new",
  "/set-up",
  "/set-up?tab=users",
  "/set-up?tab=tokens",
  "/set-up?tab=schedules",
  "/set-up?tab=settings",
  "/set-up?tab=changes",
  "/account",
];
const atChild = ["/node", "/failures", "/failures?tab=consumers", "/failures/:failure"];

it.each([
  ["light", "en"],
  ["dark", "fr"],
  ["light", "fr"],
  ["dark", "en"],
] as const)("no screen keeps anybody out, in %s and %s", async (appearance, language) => {
  const { parent, child, signedIn } = network();
  const found: string[] = [];
  for (const [node, paths] of [
    [parent, atParent],
    [child, atChild],
  ] as const) {
    const { page, wrong } = await signedIn(node);
    await page.evaluate(
      ([chosen, spoken]) => {
        localStorage.setItem("tributary-appearance", chosen);
        localStorage.setItem("tributary-language", spoken);
      },
      [appearance, language] as const,
    );
    for (const path of paths) {
      await page.goto(`${node.url}/console${path.replace(/:(\w+)/, (_, name) => names[name] ?? "")}`);
      await page.locator("main h1").waitFor();
      await page
        .locator("main [aria-busy=true], main .cds--loading, main .cds--skeleton")
        .first()
        .waitFor({ state: "detached" });
      found.push(...(await barriersAt(page, `${node.id} ${path}`)));
    }
    found.push(...wrong);
  }

  expect(found).toEqual([]);
});

it("the way in keeps nobody out", async () => {
  const { parent, signedIn } = network();
  const { page } = await signedIn(parent);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("User name").waitFor();

  expect(await barriersAt(page, "sign-in")).toEqual([]);
});
