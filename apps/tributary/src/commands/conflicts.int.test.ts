import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeTestDatabase } from "@tributary/database/testing";
import { openNode, readConfig } from "@tributary/runtime";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runToEnd as tributary } from "../../testing/run-to-end.ts";
import { untilServing } from "../../testing/until-serving.ts";
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

interface Clash extends AsyncDisposable {
  readonly above: string;
  readonly below: string;
  readonly conflictId: string;
  /** What the record says at the child after a pull. */
  follow(): Promise<unknown>;
}

/** A running parent and a child with a conflict about a date of birth, at 1981 there and at 1982 here. */
async function aClash(dialect: "sqlite" | "postgres"): Promise<Clash> {
  const running = new AsyncDisposableStack();
  const place = running.use(await makeTestDatabase(dialect));
  const [port = 0] = await freePorts(1);
  const [above, below] = [join(home, "above"), join(home, "below")];
  await tributary("init", "parent", "--dir", above, "--port", String(port), "--database", place.address);
  await tributary("init", "child", "--dir", below, "--id", "clinic-1");
  running.use(startServing(above, {}, () => {}));
  await untilServing(port);
  const { printed: code } = await tributary("enrol", "--dir", above, "--new", "clinic-1");
  await tributary("enrol", "--dir", below, "--parent", `http://127.0.0.1:${port}`, "--code", code);
  await save(above, "1980-01-01");
  const follow = async () => {
    await tributary("pull", "--dir", below);
    return birthDateAt(below);
  };
  await expect.poll(follow, { timeout: 60_000 }).toBe("1980-01-01");
  await save(above, "1981-01-01");
  await save(below, "1982-01-01");
  await tributary("push", "--dir", below);
  const { printed } = await tributary("conflicts", "list", "--json", "--dir", above);
  const [{ conflictId }] = (JSON.parse(printed) as { conflicts: [{ conflictId: string }] }).conflicts;
  return { above, below, conflictId, follow, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

it.each(["sqlite", "postgres"] as const)(
  "lists, shows and decides a conflict while the parent runs (%s)",
  async (dialect) => {
    await using clash = await aClash(dialect);
    const { above, conflictId: id, follow } = clash;
    const resolve = (...words: string[]) => tributary("conflicts", "resolve", ...words, "--dir", above);

    const listed = await tributary("conflicts", "--dir", above);
    const shown = await tributary("conflicts", "show", id.slice(0, 30), "--dir", above);
    const refused = await resolve(id, "--value", '{"birthDate":"soon"}', "--reason", "A guess.");
    const decided = await resolve(id, "--take", "child", "--reason", "The card.");
    const again = await resolve(id, "--take", "parent", "--reason", "Or not.");

    expect(listed.printed).toMatch(/^conflict +record +element +why +pushed by +shows +since +assigned to\n/);
    expect(listed.printed).toMatch(
      new RegExp(`^${id} {2}Patient/p +Patient\\.birthDate +both-changed +clinic-1 +parent +\\d{4}-`, "m"),
    );
    expect(listed.printed).not.toContain("1981-01-01");
    expect(shown.printed).toMatch(/^parent: .*, \d{4}-.*, version 2\nchild: .*clinic-1, \d{4}-.*, version 2$/m);
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
    await expect.poll(follow, { timeout: 60_000 }).toBe("1982-01-01");
  },
);

it.each(["sqlite", "postgres"] as const)(
  "[S62] assigns and decides the conflict at the child, and the parent's row follows (%s)",
  async (dialect) => {
    await using clash = await aClash(dialect);
    const { above, below, conflictId: id, follow } = clash;
    const conflicts = (...words: string[]) => tributary("conflicts", ...words, "--dir", below);
    const listedBelow = async () => {
      await follow();
      return (await conflicts("list")).printed;
    };
    await expect.poll(listedBelow, { timeout: 60_000 }).toContain(id);

    const assigned = await conflicts("assign", id, "--to", "A. Okoro", "--unlisted");
    const trial = await conflicts(
      "resolve",
      "--all",
      "--element",
      "Patient.birthDate",
      "--take",
      "child",
      "--reason",
      "The card.",
      "--dry-run",
    );
    const decided = await conflicts("resolve", id, "--take", "child", "--reason", "The card.", "--as", "B. Nurse");
    const queued = await conflicts("list");
    await tributary("push", "--dir", below);
    const above1 = await tributary("conflicts", "show", id, "--dir", above);

    expect(assigned.printed).toBe("Assigned to A. Okoro.");
    expect(trial.printed).toContain("Nothing was changed. It would be: 1 resolved");
    expect(decided.printed).toMatch(/^Resolved: Patient\/p is now version \d+\. \S+ is told with the next push\.$/);
    expect(queued.printed).toContain("2 decided here and not yet taken note of by the parent.");
    expect(above1.printed).toMatch(/^decided by B\. Nurse at clinic-1, .*, for child, in version \d+: The card\.$/m);
    expect(above1.printed).toContain("assigned to A. Okoro");
    expect(await birthDateAt(above)).toBe("1982-01-01");
    expect((await conflicts("count")).printed).toMatch(/Patient\.birthDate +0 +1 +0 +0 +0 min/);
    expect(await conflicts("resolve", "--all", id, "--take", "child", "--reason", "x")).toMatchObject({ code: 1 });
  },
);

it("[S175] takes a decision back at either end, and says where it was edited since", async () => {
  await using clash = await aClash("sqlite");
  const { above, below, conflictId: id, follow } = clash;
  await tributary("conflicts", "resolve", id, "--take", "child", "--reason", "The card.", "--dir", above);
  await expect.poll(follow, { timeout: 60_000 }).toBe("1982-01-01");
  await expect
    .poll(
      async () => {
        await tributary("pull", "--dir", below);
        return (await tributary("conflicts", "show", id, "--dir", below)).printed;
      },
      { timeout: 60_000 },
    )
    .toContain("resolved");
  const undo = (...words: string[]) => tributary("conflicts", "undo", id, "--reason", "Another card.", ...words);

  const undone = await undo("--dir", below, "--as", "B. Nurse");
  await tributary("push", "--dir", below);
  const shown = await tributary("conflicts", "show", id, "--dir", above);
  const again = await undo("--dir", above);
  await tributary("conflicts", "resolve", id, "--take", "child", "--reason", "It was.", "--dir", above);
  await save(above, "1990-01-01");
  const refused = await undo("--dir", above);
  const kept = await undo("--dir", above, "--keep-value");

  expect(undone.printed).toMatch(
    /^Taken back: Patient\/p says what it said before, and the conflict is open\. \S+ is told/,
  );
  expect(shown.printed).toMatch(
    /^taken back by B\. Nurse at clinic-1, \d{4}-.*: Another card\.; it was the decision of/m,
  );
  expect(shown.printed).toContain(`${id}  open`);
  expect(again.printed).toBe("Nothing to do: the conflict is open.");
  expect(refused).toMatchObject({ code: 1, noted: expect.stringContaining("has been edited since") });
  expect(kept.printed).toContain("Patient/p stays as it is, and the conflict is open.");
  expect(await birthDateAt(above)).toBe("1990-01-01");
});
