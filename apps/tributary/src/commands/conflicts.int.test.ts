import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeTestDatabase } from "@tributary/database/testing";
import { openNode, readConfig } from "@tributary/runtime";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runToEnd as tributary } from "../../testing/run-to-end.ts";
import { freePorts } from "../demo/free-port.ts";
import { startServing } from "../demo/program-process.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tributary-conflicts-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function save(folder: string, birthDate: string): Promise<void> {
  const file = join(home, "patient.json");
  writeFileSync(file, JSON.stringify({ resourceType: "Patient", id: "p", birthDate }));
  expect(await tributary("load", "--dir", folder, file)).toMatchObject({ code: 0 });
}

async function birthDateAt(folder: string): Promise<unknown> {
  await using node = await openNode(await readConfig(folder, {}));
  const stored = await node.store.read(node.database, { type: "Patient", id: "p" });
  return (JSON.parse(stored?.body ?? "{}") as { birthDate?: string }).birthDate;
}

async function answering(port: number): Promise<void> {
  await expect
    .poll(() =>
      fetch(`http://127.0.0.1:${port}/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    .toBe(true);
}

it.each(["sqlite", "postgres"] as const)(
  "lists, shows and decides a conflict while the parent runs (%s)",
  async (dialect) => {
    await using place = await makeTestDatabase(dialect);
    const [port = 0] = await freePorts(1);
    const [above, below] = [join(home, "above"), join(home, "below")];
    await tributary("init", "parent", "--dir", above, "--port", String(port), "--database", place.address);
    await tributary("init", "child", "--dir", below, "--id", "clinic-1");
    await using _ = startServing(above, {}, () => {});
    await answering(port);
    const { printed: code } = await tributary("enrol", "--dir", above, "--new", "clinic-1");
    await tributary("enrol", "--dir", below, "--parent", `http://127.0.0.1:${port}`, "--code", code);
    await save(above, "1980-01-01");
    const follow = async () => {
      await tributary("pull", "--dir", below);
      return birthDateAt(below);
    };
    await expect.poll(follow, { timeout: 10_000 }).toBe("1980-01-01");
    await save(above, "1981-01-01");
    await save(below, "1982-01-01");
    await tributary("push", "--dir", below);

    const listed = await tributary("conflicts", "--dir", above);
    const json = await tributary("conflicts", "list", "--json", "--dir", above);
    const [{ conflictId: id }] = JSON.parse(json.printed) as [{ conflictId: string }];
    const shown = await tributary("conflicts", "show", id.slice(0, 30), "--dir", above);
    const refused = await tributary(
      "conflicts",
      "resolve",
      id,
      "--value",
      '{"birthDate":"soon"}',
      "--reason",
      "A guess.",
      "--dir",
      above,
    );
    const decided = await tributary(
      "conflicts",
      "resolve",
      id,
      "--take",
      "child",
      "--reason",
      "The card.",
      "--dir",
      above,
    );
    const again = await tributary(
      "conflicts",
      "resolve",
      id,
      "--take",
      "parent",
      "--reason",
      "Or not.",
      "--dir",
      above,
    );

    expect(listed.printed).toMatch(new RegExp(`^${id} {2}Patient/p {2}Patient\\.birthDate .*pushed by clinic-1`));
    expect(listed.printed).not.toContain("1981");
    expect(shown.printed).toMatch(/base +parent +child\nbirthDate +1980-01-01 +1981-01-01 +1982-01-01$/);
    expect(refused).toMatchObject({ code: 1, noted: expect.stringContaining("[RESOLUTION_REFUSED]") });
    expect(decided).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/^Resolved: Patient\/p is now version \d+\.$/),
    });
    expect(again).toMatchObject({ code: 0, printed: expect.stringContaining("decided it for child") });
    expect(await tributary("conflicts", "show", "none", "--dir", above)).toMatchObject({
      code: 2,
      noted: expect.stringContaining("[CONFLICT_UNKNOWN]"),
    });
    expect((await tributary("conflicts", "list", "--dir", above)).printed).toBe("No open conflicts.");
    await expect.poll(follow, { timeout: 10_000 }).toBe("1982-01-01");
  },
);
