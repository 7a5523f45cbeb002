import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AdminEndpoint, adminEndpoints } from "@tributary/admin-api";
import { sql } from "@tributary/database";
import { aPatient } from "@tributary/fhir/testing";
import { requestEnrolment } from "@tributary/sync";
import { afterEach, beforeEach, expect, it } from "vitest";
import { save } from "../../testing/open-pair.ts";
import { openServed } from "../../testing/open-served.ts";

const contest = sql(`
  insert into child_instances (node, instance, former, incarnation, contested_at) values ($1, 'copy', '["first"]', '', 7)
  on conflict (node) do update set instance = excluded.instance, former = excluded.former, contested_at = 7`);
const putMarker = sql(`
  insert into markers (feed_uri, consumer, last_read_entry_id) values ('http://x/feed/recent', 'lab', 'x')`);
const putAlert = sql(`
  insert into alerts (rule, subject, state, severity, opened_at, value, limit_value, sentence)
  values ('child-silent', 'clinic', 'open', 'critical', 7, 2, 1, 'clinic was not heard of.')`);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "afar-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function told<Name extends AdminEndpoint>(name: Name, printed: string) {
  return adminEndpoints[name].answer?.parse(JSON.parse(printed));
}

it("keeps catchments and children of a running parent, in the name of the token", { timeout: 120_000 }, async () => {
  await using served = await openServed("sqlite", folder);
  const { parent, atParent, atChild, askParent } = served;
  await save(parent, aPatient("p1", { address: [{ city: "Kisumu", country: "Kenya" }] }), aPatient("p2"));
  const rule = '{"location":{"address":"Kenya%*%*%Kisumu"}}';

  const preview = await atParent("catchment", "preview", "lake", "--rule", rule);
  const set = await atParent("catchment", "set", "lake", "--rule", rule, "--reason", "agreed");
  const assigned = await atParent("catchment", "assign", "clinic", "lake");
  const listed = await atParent("catchment", "--json", "--sort", "members", "--order", "desc", "--limit", "1");
  const shown = await atParent("catchment", "show", "lake", "--json");
  const everything = await atParent("catchment", "show", "everything");
  const members = await atParent("catchment", "members", "lake", "--begins", "p", "--json");
  const types = await atParent("catchment", "types", "--set", "Location,Device", "--reason", "agreed", "--json");
  const unknown = [
    await atParent("catchment", "show", "sea"),
    await atParent("catchment", "assign", "clinic", "sea"),
    await atParent("catchment", "assign", "nobody", "lake"),
    await atParent("catchment", "set", "lake", "--rule", "[]"),
    await atParent("enrol", "--new", "clinic-2", "--catchment", "sea"),
    await atParent("enrol", "--revoke", "nobody"),
  ];
  const code = await atParent("enrol", "--new", "clinic-2", "--catchment", "lake");
  const revoked = await atParent("enrol", "--revoke", "clinic");
  const ownFolder = await atChild("enrol", "--parent", served.addresses.parent, "--code", "x");
  const trail = await askParent("GET", "/audit?actor=administrator&order=asc");

  expect(preview.printed).toMatch(/^\(none yet\) +1 +1 +0 +0\nenter: p1$/m);
  expect(set).toMatchObject({ code: 0, printed: expect.stringMatching(/^Rule 1 of lake is in force/) });
  expect(assigned.printed).toBe("clinic has the catchment lake from its next round on.");
  expect(told("GET /catchments", listed.printed)).toMatchObject({ items: [{ name: "lake" }], total: 1 });
  expect(told("GET /catchments/:name", shown.printed)).toMatchObject({ history: [{ reason: "agreed" }] });
  expect(everything.printed).toBe("everything has no rule: it holds every record.");
  expect(told("GET /catchments/:name/members", members.printed)).toMatchObject({ next: null });
  expect(told("PUT /metadata-types", types.printed)).toEqual({ types: ["Location", "Device"], isStandard: false });
  expect(unknown.map(({ code: exit }) => exit)).toEqual([2, 2, 2, 2, 2, 2]);
  expect(unknown.slice(0, 2).map(({ noted }) => noted.split("\n")[0])).toEqual([
    "Error: There is no catchment sea; a rule makes one. [CATCHMENT_REFUSED]",
    "Error: There is no catchment sea; a rule makes one. [CATCHMENT_REFUSED]",
  ]);
  expect(unknown[5]?.noted).toContain("No child nobody has access here.");
  expect(code.printed).toMatch(/^[0-9A-Z-]{16,}$/i);
  expect(code.noted).toContain(`tributary enrol --parent ${served.addresses.parent} --code ${code.printed}`);
  expect(revoked).toMatchObject({ code: 0, printed: expect.stringContaining("clinic has no access any more") });
  expect(ownFolder).toMatchObject({ code: 2, noted: expect.stringContaining("A child enrols in its own folder") });
  expect((trail.body["entries"] as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual(
    expect.arrayContaining(["catchment-lake", "metadata-types", "revoked"]),
  );
});

it("lets a cloned child and one without a line in at a running parent", { timeout: 120_000 }, async () => {
  await using served = await openServed("sqlite", folder);
  const { parent, child, atParent } = served;
  const [request, answer] = [join(folder, "request.json"), join(folder, "answer.json")];
  const { printed: code } = await atParent("enrol", "--new", "clinic");
  await requestEnrolment({ database: child.database, nodeId: child.id, clock: child.clock }, code, request);

  const accepted = await atParent("enrol-by-hand", "accept", request, "--to", answer);
  await writeFile(request, "no request");
  const refused = await atParent("enrol-by-hand", "accept", request, "--to", answer);
  await parent.database.transaction((tx) => tx.run(contest, ["clinic"]));
  const clones = await atParent("node", "accept-clone", "clinic");
  const third = await atParent("node", "accept-clone", "clinic", "--instance", "third");
  const letIn = await atParent("node", "accept-clone", "clinic", "--instance", "first");
  const again = await atParent("node", "accept-clone", "clinic");

  expect(accepted).toMatchObject({ code: 0, noted: expect.stringContaining(`finish ${answer} --code CODE`) });
  expect(JSON.parse(await readFile(answer, "utf8"))).toMatchObject({ answer: { node: "clinic", parent: "centre" } });
  expect(refused).toMatchObject({ code: 1, noted: expect.stringContaining("[CARRIED_FILE_REFUSED]") });
  expect(clones.printed).toMatch(/^copy +spoke last\nfirst +before$/m);
  expect([third.code, letIn.code, again.code]).toEqual([2, 0, 2]);
});

it("keeps users, tokens and settings of a running node, page by page", { timeout: 120_000 }, async () => {
  await using served = await openServed("sqlite", folder);
  const { atParent, askParent } = served;

  const added = await atParent("user", "add", "rose", "--role", "reviewer", "--language", "fr");
  await atParent("user", "add", "adam", "--role", "administrator");
  const first = await atParent("user", "list", "--limit", "1");
  const second = await atParent("user", "list", "--limit", "1", "--after", "adam", "--json");
  const role = await atParent("user", "role", "rose", "operator");
  const reset = await atParent("user", "reset", "rose");
  const removed = await atParent("user", "remove", "rose");
  const nobody = await atParent("user", "remove", "rose");
  const made = await atParent("token", "create", "board", "--role", "viewer", "--days", "30");
  const tokens = await atParent("token", "list", "--find", "boa");
  const revoked = [await atParent("token", "revoke", "board"), await atParent("token", "revoke", "board")];
  const noToken = await atParent("token", "revoke", "nothing");
  const set = await atParent("settings", "set", "push.first", '["Flag"]', "--reason", "thin line");
  const wrong = await atParent("settings", "set", "verify", '{"cron":"nightly"}', "--reason", "x");
  const unknown = await atParent("settings", "set", "verifi", "null", "--reason", "x");
  const shown = await atParent("settings", "--json");
  const history = await atParent("settings", "history", "--json");

  expect(added).toMatchObject({ code: 0, printed: expect.stringMatching(/^[a-z2-9]{18}$/) });
  expect(first.printed).toMatch(/^adam +administrator/m);
  expect(first.printed).not.toContain("rose");
  expect(first.noted).toBe("There are more: --after adam");
  expect(told("GET /users", second.printed)).toMatchObject({ items: [{ name: "rose", language: "fr" }], next: null });
  expect([role.code, reset.code, removed.code, nobody.code]).toEqual([0, 0, 0, 2]);
  expect(nobody.noted).toContain("There is no user rose.");
  expect(made.printed).toMatch(/^\S{20,}$/);
  expect(tokens.printed).toMatch(/^board\tviewer\tcreated \S+\tnever used\tliving until /);
  expect(revoked.map(({ code, noted }) => [code, noted])).toEqual([
    [0, "The token board lets nobody in any more."],
    [0, "The token board had been revoked before."],
  ]);
  expect(noToken).toMatchObject({ code: 2, noted: expect.stringContaining("There is no token named nothing.") });
  expect(set).toMatchObject({ code: 0, printed: expect.stringContaining("Version 1 of the settings is in force") });
  expect([wrong.code, unknown.code]).toEqual([2, 2]);
  expect(wrong.noted).toContain("verify.cron is no cron expression");
  expect(unknown.noted).toContain("did you mean verify?");
  expect(told("GET /settings", shown.printed)).toMatchObject({ version: 1, setBy: "administrator" });
  expect(told("GET /settings/history", history.printed)).toMatchObject({ total: 1 });
  expect((await askParent("GET", "/audit?actor=administrator&outcome=user-removed")).body["entries"]).toHaveLength(1);
});

it("asks a running child for guests and histories, and a running node for feeds and a bundle", {
  timeout: 120_000,
}, async () => {
  await using served = await openServed("sqlite", folder);
  const { parent, atParent, atChild } = served;
  await save(parent, aPatient("p"), aPatient("q"));
  await atParent("catchment", "set", "lake", "--rule", '{"cohort":"Group/lake"}');
  await atParent("catchment", "assign", "clinic", "lake");
  await served.ask("POST", "/pull");
  await parent.database.transaction((tx) => tx.run(putMarker, []));
  const bundle = join(folder, "bundle.json");

  const guest = await atChild("guest", "fetch", "Patient/p", "--purpose", "referral", "--days", "3");
  const guests = await atChild("guest", "--find", "ref");
  const wrong = [
    await atChild("guest", "fetch", "Group/p", "--purpose", "referral"),
    await atChild("guest", "fetch", "Patient/p", "--purpose", "no word"),
    await atChild("guest", "fetch", "Patient/p", "--purpose", "referral", "--days", "many"),
  ];
  const history = await atChild("history", "Patient/q");
  const consumers = await atParent("feed", "--json");
  const moved = await atParent(
    "feed",
    "move-marker",
    "http://x/feed/recent",
    "--consumer",
    "lab",
    "--to",
    "beginning",
    "--reason",
    "rebuilt",
  );
  const failures = await atParent("feed", "failures");
  const noFailure = [
    await atParent("feed", "retry", "7"),
    await atParent("feed", "discard", "7", "--reason", "entered in error"),
  ];
  const nothing = await atParent("feed", "follow", "none");
  const written = await atParent("support-bundle", "--to", bundle);
  const twice = await atParent("support-bundle", "--to", bundle);

  expect(guest).toMatchObject({ code: 0, printed: expect.stringMatching(/^Patient\/p is here until/) });
  expect(guests.printed).toMatch(/^p +referral/m);
  expect(wrong.map(({ code }) => code)).toEqual([2, 2, 2]);
  expect(wrong.map(({ noted }) => noted.split("\n")[0])).toEqual([
    "Error: Name the patient, for example Patient/123. [CONFIG_INVALID]",
    "Error: The purpose is a word, for example emergency. [CONFIG_INVALID]",
    "Error: Guests stay for 1 to 30 days. [CONFIG_INVALID]",
  ]);
  expect(history).toMatchObject({ code: 1, noted: "The parent tells of no version of Patient/q." });
  expect(told("GET /feeds/consumers", consumers.printed)).toMatchObject({ items: [{ consumer: "lab" }] });
  expect(moved.printed).toBe("The marker of lab stood at x; it stands at the beginning.");
  expect(failures.printed).toBe("No event waits for a consumer.");
  expect(noFailure.map(({ code }) => code)).toEqual([2, 2]);
  expect(nothing).toMatchObject({ code: 2, noted: expect.stringContaining("This node has no such event.") });
  expect([written.code, twice.code]).toEqual([0, 1]);
  expect(twice.noted).toContain("is there already");
  expect(JSON.parse(await readFile(bundle, "utf8"))).toMatchObject({ status: { node: "centre" }, log: [] });
});

it("tells how the network does, and what stands on a feed", { timeout: 120_000 }, async () => {
  await using served = await openServed("sqlite", folder);
  const { parent, atParent, atChild } = served;
  await save(parent, aPatient("p"));
  await parent.database.transaction((tx) => tx.run(putAlert, []));

  const network = await atParent("network", "--state", "never-seen");
  const nobody = await atParent("network", "--find", "nobody");
  const networkJson = await atParent("network", "--sort", "lastSeenAt", "--json");
  const children = await atParent("node", "--access", "enrolled");
  const childrenJson = await atParent("node", "list", "--json");
  const alerts = await atParent("alerts");
  const all = await atParent("alerts", "--all", "--rule", "child-silent", "--json");
  const none = await atChild("alerts");
  const feeds = await atParent("feed", "list");
  const page = await atParent("feed", "page", "all");
  const noPage = await atParent("feed", "page", "all", "77");

  expect(network.printed).toMatch(/^clinic +never-seen +never .* everything$/m);
  expect(nobody).toMatchObject({ code: 0, printed: "", noted: expect.stringContaining("No such children") });
  expect(told("GET /network", networkJson.printed)).toMatchObject({ counts: { "never-seen": 1 } });
  expect(children.printed).toMatch(/^clinic +everything +\S+Z +never +enrolled$/m);
  expect(told("GET /children", childrenJson.printed)).toMatchObject({ items: [{ node: "clinic" }], total: 1 });
  expect(alerts).toMatchObject({ code: 1, printed: expect.stringMatching(/^\S+Z +critical +child-silent +/m) });
  expect(told("GET /alerts", all.printed)).toMatchObject({ items: [{ subject: "clinic" }] });
  expect(none).toMatchObject({ code: 0, printed: "No alert is open." });
  expect(feeds.printed).toMatch(/^all +1 +1$/m);
  expect(page.printed).toMatch(/^1 +\S+Z +\S+ +.*Patient\/p version 1$/m);
  expect(page.noted).toBe("Page 1 of 1.");
  expect(noPage).toMatchObject({ code: 2, noted: expect.stringContaining("The feed has no such page.") });
});

it("lets a viewer look and change nothing", { timeout: 120_000 }, async () => {
  await using served = await openServed("sqlite", folder);
  const { askParent } = served;
  const asViewer = await served.atParentAs("viewer");

  const looked = [await asViewer("catchment"), await asViewer("feed"), await asViewer("catchment", "types")];
  const refused = [
    await asViewer("catchment", "set", "lake", "--rule", '{"cohort":"Group/lake"}'),
    await asViewer("catchment", "types", "--set", "Location"),
    await asViewer("catchment", "assign", "clinic", "everything"),
    await asViewer("catchment", "members", "everything"),
    await asViewer("enrol", "--new", "clinic-2"),
    await asViewer("enrol", "--revoke", "clinic"),
    await asViewer("node", "accept-clone", "clinic", "--instance", "x"),
    await asViewer("guest"),
    await asViewer("user"),
    await asViewer("user", "add", "eve", "--role", "administrator"),
    await asViewer("token", "create", "eve"),
    await asViewer("token", "list"),
    await asViewer("settings"),
    await asViewer("settings", "set", "policies", "null", "--reason", "x"),
    await asViewer("feed", "move-marker", "http://x", "--to", "now", "--reason", "x"),
    await asViewer("support-bundle", "--to", join(folder, "bundle.json")),
  ];
  const named = await asViewer("user", "remove", "rose", "--as", "root");

  expect(looked.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(refused.map(({ code, noted }) => [code, /\[(\w+)\]/.exec(noted)?.[1]])).toEqual(
    refused.map(() => [1, "ROLE_TOO_SMALL"]),
  );
  expect(named).toMatchObject({ code: 2, noted: expect.stringContaining("leave --as out") });
  expect((await askParent("GET", "/users")).body).toMatchObject({ items: [] });
});
