import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runToEnd as tributary } from "../testing/run-to-end.ts";
import { freePorts } from "./demo/free-port.ts";
import { generateBundles } from "./demo/generator/generate-bundles.ts";
import { type ServingProcess, startServing } from "./demo/program-process.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tributary-cli-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function serving(folder: string, port: number): Promise<ServingProcess> {
  const node = startServing(folder, {}, () => {});
  for (;;) {
    const failure = node.failure();
    if (failure) throw failure;
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (answer?.ok) return node;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

it("makes a parent that is ready to serve, and prints its first token alone", async () => {
  const made = await tributary("init", "parent", "--dir", home, "--id", "centre");

  expect(made).toMatchObject({ code: 0, printed: expect.stringMatching(/^trb_\S+$/) });
  expect(made.noted).toContain("tributary serve");
  expect(readFileSync(join(home, "tributary.yaml"), "utf8")).toContain("id: centre");
  expect(statSync(join(home, "tributary.yaml")).mode & 0o777).toBe(0o600);
  expect(JSON.parse((await tributary("status", "--json", "--dir", home)).printed)).toMatchObject({
    node: "centre",
    role: "parent",
    records: 0,
  });
});

it("leaves a node alone when it is to be made again, and nothing behind when making one fails", async () => {
  await tributary("init", "child", "--dir", home, "--id", "clinic-1");

  expect(await tributary("init", "child", "--dir", home)).toMatchObject({
    code: 2,
    noted: expect.stringContaining("[ALREADY_INITIALISED]"),
  });
  const elsewhere = join(home, "elsewhere");
  expect(await tributary("init", "child", "--dir", elsewhere, "--port", "many")).toMatchObject({
    code: 2,
    noted: expect.stringContaining("http.port"),
  });
  expect(existsSync(join(elsewhere, "tributary.yaml"))).toBe(false);
});

it.each([
  [["sevre"], "Did you mean serve?"],
  [["init", "grandparent"], "Allowed choices are parent, child, hub"],
  [["status", "--dir", "/nowhere"], "[CONFIG_MISSING]"],
  [["demo", "--json"], "add --once"],
  [["demo", "--once", "--patients", "0"], "--patients is a whole number"],
])("explains %j and ends with 2", async (words, sentence) => {
  const ended = await tributary(...words);

  expect(ended.code).toBe(2);
  expect(ended.printed).toBe("");
  expect(ended.noted).toContain(sentence);
});

it("makes, lists and revokes tokens", async () => {
  await tributary("init", "parent", "--dir", home);
  const made = await tributary("token", "create", "reporting", "--dir", home);
  await tributary("token", "revoke", "first", "--dir", home);
  const listed = await tributary("token", "list", "--dir", home);

  expect(made.printed).toMatch(/^trb_\S+$/);
  expect(listed.printed).toMatch(/^first\t.*revoked/m);
  expect(listed.printed).toMatch(/^reporting\t.*living/m);
  expect(await tributary("token", "revoke", "nobody", "--dir", home)).toMatchObject({ code: 2 });
});

it("serves FHIR to holders of a token, feeds and health, and ends cleanly when told to", async () => {
  const [port = 0] = await freePorts(1);
  const { printed: token } = await tributary("init", "parent", "--dir", home, "--port", String(port));
  const url = `http://127.0.0.1:${port}`;
  const asked = (path: string, init: RequestInit = {}) =>
    fetch(url + path, {
      ...init,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/fhir+json" },
    });
  {
    await using _ = await serving(home, port);

    const created = await asked("/fhir/Patient", { method: "POST", body: '{"resourceType":"Patient","active":true}' });
    const feed = await asked("/feed/patient/recent");
    const historic = await asked("/openmrs/ws/atomfeed/patient/recent");

    expect(created.status).toBe(201);
    expect(await (await asked("/fhir/Patient?active=true")).json()).toMatchObject({ total: 1 });
    expect(feed.headers.get("content-type")).toContain("application/atom+xml");
    expect(await feed.text()).toContain("/fhir/Patient/");
    expect(historic.status).toBe(200);
    expect((await fetch(`${url}/fhir/Patient`)).status).toBe(401);
    expect((await fetch(`${url}/fhir/metadata`)).status).toBe(200);
    expect((await fetch(url)).status).toBe(200);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
      status: "ok",
      role: "parent",
      sequencerLag: 0,
    });
  }
  expect(existsSync(join(home, "node.db-wal"))).toBe(false);
});

it("names a port that is taken", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as { port: number };
  await tributary("init", "parent", "--dir", home, "--port", String(port));

  const ended = await tributary("serve", "--dir", home);
  other.close();

  expect(ended).toMatchObject({ code: 1, noted: expect.stringContaining("[PORT_TAKEN]") });
});

it("loads files, and names the one that it cannot load", async () => {
  await tributary("init", "parent", "--dir", home);
  const bundles = [...generateBundles({ seed: 3, patients: 2 })];
  const files = bundles.map(({ text }, index) => {
    const file = join(home, `${index}.json.gz`);
    writeFileSync(file, gzipSync(text));
    return file;
  });
  const broken = join(home, "broken.json");
  writeFileSync(broken, '{"resourceType":"Patient","gender":"fem"}');

  const loaded = await tributary("load", "--dir", home, ...files);
  const refused = await tributary("load", "--dir", home, broken);

  const records = bundles.reduce((sum, { entries }) => sum + entries, 0);
  expect(loaded).toMatchObject({ code: 0, noted: expect.stringContaining(`${records} records from 3 files`) });
  expect(refused).toMatchObject({ code: 1, noted: expect.stringMatching(/broken\.json was refused .*gender/) });
  expect(JSON.parse((await tributary("status", "--json", "--dir", home)).printed)).toMatchObject({ records });
});

it("enrols a child once, and pulls what the parent has", async () => {
  const [port = 0] = await freePorts(1);
  const [above, below] = [join(home, "above"), join(home, "below")];
  await tributary("init", "parent", "--dir", above, "--port", String(port));
  await tributary("init", "child", "--dir", below, "--id", "clinic-1");
  const file = join(home, "patient.json");
  writeFileSync(file, '{"resourceType":"Patient","id":"p1","multipleBirthInteger":2}');
  await tributary("load", "--dir", above, file);
  expect(await tributary("pull", "--dir", below)).toMatchObject({
    code: 2,
    noted: expect.stringContaining("[NOT_ENROLLED]"),
  });
  const { printed: code } = await tributary("enrol", "--dir", above, "--new", "clinic-1");
  const url = `http://127.0.0.1:${port}`;
  expect(await tributary("enrol", "--dir", below, "--parent", url, "--code", code)).toMatchObject({
    code: 1,
    noted: expect.stringContaining("[REMOTE_UNAVAILABLE]"),
  });
  await using _ = await serving(above, port);

  const enrolled = await tributary("enrol", "--dir", below, "--parent", url, "--code", code);
  const pulled = await tributary("pull", "--dir", below);

  expect(enrolled.code).toBe(0);
  expect(pulled).toMatchObject({ code: 0, noted: expect.stringContaining("Complete: 1 records") });
  expect(JSON.parse((await tributary("status", "--json", "--dir", below)).printed)).toMatchObject({
    records: 1,
    parent: { position: 1, waiting: 0, lastOutcome: "complete" },
  });
  expect(await tributary("enrol", "--dir", below, "--parent", url, "--code", "WRONG-CODE")).toMatchObject({
    code: 1,
    noted: expect.stringContaining("[ENROLMENT_REFUSED]"),
  });
});
