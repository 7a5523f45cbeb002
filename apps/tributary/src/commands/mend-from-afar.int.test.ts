import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AdminEndpoint, adminEndpoints } from "@tributary/admin-api";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { moveAll } from "@tributary/sync/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { save } from "../../testing/open-pair.ts";
import { openServed } from "../../testing/open-served.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "from-afar-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Served = Awaited<ReturnType<typeof openServed>>;

/** A date of birth that is 1981 at the parent and 1982 at the child; the name of the conflict. */
async function clash({ parent, child, atChild, askParent }: Served): Promise<string> {
  await save(parent, aPatient("p", { birthDate: "1980-01-01" }));
  await atChild("pull");
  await save(parent, aPatient("p", { birthDate: "1981-01-01" }));
  await save(child, aPatient("p", { birthDate: "1982-01-01" }));
  await atChild("push");
  await moveAll(parent.database);
  const { body } = await askParent("GET", "/conflicts");
  return (body["conflicts"] as [{ conflictId: string }])[0].conflictId;
}

/** What was printed as JSON, held against what the API says that it answers. */
function told<Name extends AdminEndpoint>(name: Name, printed: string) {
  return adminEndpoints[name].answer?.parse(JSON.parse(printed));
}

describeOnEachDatabase("the command line at a running node", (_, dialect) => {
  it("looks at a conflict, tries a decision out, makes it and takes it back", { timeout: 120_000 }, async () => {
    await using served = await openServed(dialect, folder);
    const { atParent, atChild, atParentAs, child } = served;
    const id = await clash(served);
    const [asViewer, asReviewer] = [await atParentAs("viewer"), await atParentAs("reviewer")];
    const decide = ["conflicts", "resolve", id, "--take", "child", "--reason", "The card."];

    const listed = await atParent(
      "conflicts",
      "list",
      "--type",
      "Patient",
      "--find",
      "birthdate",
      "--sort",
      "reference",
    );
    const none = await atParent("conflicts", "list", "--state", "superseded");
    const seen = [await asViewer("conflicts"), await asViewer("conflicts", "show", id)];
    const mayNot = await asViewer(...decide);
    const shown = await asReviewer("conflicts", "show", id.slice(0, 30));
    const assigned = await asReviewer("conflicts", "assign", id, "--to", "A. Okoro", "--unlisted");
    const preview = await asReviewer("conflicts", "preview", id, "--take", "child");
    const invalid = await asReviewer("conflicts", "preview", id, "--value", '{"birthDate":"soon"}');
    const trial = await asReviewer("conflicts", "resolve", "--all", "--take", "child", "--reason", "x", "--dry-run");
    const decided = await asReviewer(...decide);
    const undone = await asReviewer("conflicts", "undo", id, "--reason", "Another card.", "--json");
    const many = await asReviewer("conflicts", "resolve", "--all", "--take", "parent", "--reason", "Agreed.", "--json");
    const counts = await atParent("conflicts", "count", "--json");
    await atChild("pull");
    const unknown = await atParent("conflicts", "show", "none");

    expect(listed.printed).toMatch(new RegExp(`^${id} {2}Patient/p +Patient\\.birthDate +both-changed +clinic `, "m"));
    expect(none.printed).toBe("No superseded conflicts.");
    expect(seen.map(({ code }) => code)).toEqual([0, 0]);
    expect(seen[1]?.printed).toContain("is shown to a reviewer or an administrator");
    expect(seen.map(({ printed }) => printed).join()).not.toContain("1981");
    expect(mayNot).toMatchObject({
      code: 1,
      noted: expect.stringMatching(/right to review.*reviewer or administrator/),
    });
    expect(mayNot.noted).toContain("[ROLE_TOO_SMALL]");
    expect(shown.printed).toMatch(/base +parent +child\nbirthDate +1980-01-01 +1981-01-01 +1982-01-01$/);
    expect(assigned.printed).toBe("Assigned to A. Okoro.");
    expect(preview).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/birthDate +"1981-01-01" +"1982-01-01"$/),
    });
    expect(invalid).toMatchObject({ code: 1, printed: expect.stringContaining("would not be valid") });
    expect(trial.printed).toMatch(/would be resolved with an edit\nNothing was changed. It would be: 1 resolved/);
    expect(decided.printed).toMatch(/^Resolved: Patient\/p is now version \d+\.$/);
    expect(told("POST /conflicts/:id/undo", undone.printed)).toMatchObject({ kind: "undone", isChanged: true });
    expect(told("POST /conflicts/resolve", many.printed)).toMatchObject({
      items: [{ outcome: "resolved", conflict: { resolution: { by: "reviewer", reason: "Agreed." } } }],
      isCut: false,
    });
    expect(told("GET /conflicts/counts", counts.printed)).toMatchObject({ items: [{ open: 0, resolved: 1 }] });
    expect((await child.store.read(child.database, { type: "Patient", id: "p" }))?.body).toContain("1981-01-01");
    expect(unknown).toMatchObject({ code: 2, noted: expect.stringContaining("[CONFLICT_UNKNOWN]") });
  });

  it("mends, retries and gives up what a clinic could not send", { timeout: 120_000 }, async () => {
    await using served = await openServed(dialect, folder);
    const { child, atChild } = served;
    for (const id of ["a", "b"]) await save(child, aPatient(id, { gender: "unheard-of" }));
    const file = join(folder, "record.json");
    const dose = '"extension":[{"url":"http://example.org/dose","valueDecimal":1.50}]';
    await writeFile(file, `{"resourceType":"Patient","id":"a","gender":"other",${dose}}`);

    const pushed = await atChild("push");
    const first = await atChild("failed", "list", "--limit", "1", "--sort", "place", "--order", "asc");
    const [, after = ""] = /--after '?(.+?)'?$/.exec(first.noted) ?? [];
    const second = await atChild("failed", "list", "--after", after, "--json");
    const shown = await atChild("failed", "show", "push:1");
    const hasty = await atChild("failed", "discard", "--class", "invalid", "--reason", "made in error");
    const edited = await atChild("failed", "edit", "push:1", "--file", file, "--if-version", "1");
    const other = await atChild("failed", "edit", "push:2", "--file", file);
    const retried = await atChild("failed", "retry", "push:2", "--json");
    const again = await atChild("push");
    const discarded = await atChild("failed", "discard", "push:2", "--reason", "made in error");
    const gone = await atChild("failed", "show", "push:2");
    const retriedNone = await atChild("failed", "retry", "--all", "--json");
    const sent = await atChild("push", "--json");
    const empty = await atChild("failed");

    expect(pushed).toMatchObject({ code: 1, noted: expect.stringContaining("2 units refused by the parent") });
    expect(first.printed).toMatch(/^push:1 +Patient\/a +refused-by-parent/m);
    expect(first.printed).not.toContain("push:2");
    expect(told("GET /failures", second.printed)).toMatchObject({ failures: [{ failureId: "push:2" }], total: 2 });
    expect(shown.printed).toContain('"gender":"unheard-of"');
    expect(hasty).toMatchObject({ code: 2, noted: expect.stringContaining("2 failures. Say it again with --yes") });
    expect([retried.printed, retriedNone.printed]).toEqual(['{"retried":"push:2"}', '{"retried":0}']);
    expect(again).toMatchObject({ code: 1, noted: expect.stringMatching(/^Partial: 1 records taken by centre/) });
    expect(edited.noted).toContain("Patient/a is now version 2");
    expect((await child.store.read(child.database, { type: "Patient", id: "a" }))?.body).toContain(dose);
    expect(other).toMatchObject({ code: 1, noted: expect.stringContaining("[FAILURE_NOT_EDITED]") });
    expect(discarded.noted).toBe("push:2 is off the list. Patient/b: unchanged here.");
    expect(gone).toMatchObject({
      code: 2,
      noted: expect.stringMatching(/no failure push:2 on the list.*\[NOT_THERE\]/),
    });
    expect(told("POST /push", sent.printed)).toMatchObject({ status: "complete", pushed: 0 });
    expect(empty.printed).toBe("Nothing has failed.");
  });

  it("steers a clinic's link, and reads its trail and its records with every digit", { timeout: 120_000 }, async () => {
    await using served = await openServed(dialect, folder);
    const { parent, child, atChild, atParent, atParentAs } = served;
    await save(parent, aPatient("theirs"));
    const weight = { resourceType: "Observation", id: "o", status: "final", code: { text: "weight" } };
    const body = JSON.stringify({ ...weight, valueQuantity: { value: 70.5 } }).replace("70.5", "70.50");
    await child.database.transaction((tx) =>
      child.store.write(tx, [
        { kind: "save", key: { type: "Observation", id: "o" }, body, resource: JSON.parse(body) as never },
      ]),
    );
    await moveAll(child.database);
    const asOperator = await atParentAs("operator");

    const paused = await atChild("pause", "--pull", "--reason", "the line is being repaired");
    const refused = await atChild("pull");
    const resumed = await atChild("resume");
    const dry = await atChild("pull", "--dry-run");
    const preview = await atChild("sync-record", "Patient/theirs", "--preview", "--direction", "pull");
    const chosen = await atChild("sync-record", "Patient/theirs", "--direction", "pull");
    const rounds = [await atChild("push")];
    await moveAll(parent.database);
    rounds.push(await atChild("pull"));
    await moveAll(child.database);
    rounds.push(await atChild("verify"));
    const status = await atChild("status");
    const reach = await atChild("status", "Observation/o");
    const atTop = await atParent("pull");
    const timeline = await atChild("timeline", "Observation/o");
    const timelineJson = await atChild("timeline", "Observation/o", "--json");
    const never = await atChild("timeline", "Observation/none");
    const listed = await asOperator(
      "audit",
      "list",
      "--written-by",
      "clinic",
      "--limit",
      "1",
      "--order",
      "asc",
      "--json",
    );
    const csv = await asOperator("audit", "export", "--actor", "administrator");
    const verified = await asOperator("audit", "verify");
    const nothing = await atParent("audit", "acknowledge", "clinic", "--reason", "explained");
    const mayNot = await asOperator("timeline", "Patient/theirs");

    expect(paused.noted).toMatch(/^pull paused by administrator since .*: the line is being repaired$/);
    expect(refused).toMatchObject({ code: 2, noted: expect.stringContaining("[SYNC_PAUSED]") });
    expect(resumed.noted).toBe("Nothing is paused.");
    expect(dry.printed).toMatch(/^1 records would come, .*\nTYPE +RECORDS +BYTES\nPatient +1 /);
    expect(preview.printed).toMatch(/Patient\/theirs +created +unchanged/);
    expect(chosen.printed).toMatch(/Patient\/theirs +pull +applied/);
    expect(rounds.map(({ code, noted }) => [code, noted])).toMatchObject([
      [0, expect.stringMatching(/^Complete: 1 records taken by centre.*of the audit trail told to centre/s)],
      [0, expect.stringMatching(/^Complete: \d+ records taken in from centre/)],
      [0, ""],
    ]);
    expect(rounds[2]?.printed).toMatch(/^Identical with centre: 2 records/);
    expect(status.printed).toMatch(/^child clinic \(\w+\): 2 records/);
    expect(reach.printed).toBe("Observation/o is at version 1 here; centre: has it");
    expect(atTop).toMatchObject({ code: 2, noted: expect.stringContaining("The node centre is a parent") });
    expect(timeline.printed).toContain('{"value":70.50}');
    expect(told("GET /timeline/:type/:id", timelineJson.printed)).toMatchObject({ key: { id: "o" } });
    expect(timelineJson.printed).toContain('"value":70.50');
    expect(never).toMatchObject({ code: 1, noted: "The node clinic never had such a record." });
    expect(told("GET /audit", listed.printed)).toMatchObject({
      entries: [{ node: "clinic" }],
      next: expect.any(String),
    });
    expect(csv.printed).toMatch(/^node,position,at,actor,.*administrator,manual/s);
    expect(csv.noted).toBe(`${csv.printed.trimEnd().split("\n").length - 1} entries.`);
    expect(verified).toMatchObject({ code: 0, printed: expect.stringMatching(/^clinic +1-\d+ .* intact$/m) });
    expect(nothing).toMatchObject({ code: 1, noted: "There is no warning about clinic." });
    expect(mayNot).toMatchObject({ code: 1, noted: expect.stringContaining("the right to see-people") });
  });
});
