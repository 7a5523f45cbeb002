import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { listAudit } from "@tributary/audit";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { deleting } from "@tributary/fhir/testing";
import { type Clock, systemClock, systemRandom } from "@tributary/kernel";
import { createApiToken, createUser, makeSession, type Node } from "@tributary/runtime";
import { BulkExports } from "@tributary/sync";
import { aNoteOn, aPatientIn, livingIn, setCatchment } from "@tributary/sync/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openPair, save } from "../../../testing/open-pair.ts";

const live = new AbortController().signal;
const dayMs = 24 * 3_600_000;
const canaryOf = (patient: string) => `canary-${patient}-yranac`;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tributary-bulk-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

type Headers = Readonly<Record<string, string>>;

async function openExporting(dialect: Parameters<typeof openPair>[0]) {
  const pair = await openPair(dialect, home);
  const { parent, servers } = pair;
  const source = { clock: systemClock, random: systemRandom };
  const token = await createApiToken(parent.database, { name: "reporting", ...source });
  const ask = async (method: "GET" | "DELETE", address: string, headers: Headers = {}) => {
    const { pathname, search } = new URL(address, "http://node.test");
    const answer = await servers.parent.inject({
      method,
      url: pathname + search,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    const header = (name: string) => String(answer.headers[name] ?? "");
    return { status: answer.statusCode, header, text: answer.body, bytes: answer.rawPayload };
  };
  const begin = (group: string, query = "", prefer = "respond-async") =>
    ask("GET", `/fhir/Group/${group}/$export${query}`, { accept: "application/fhir+json", prefer });
  return {
    pair,
    parent,
    ask,
    begin,
    /** Asks for an export, has it written, and takes all of its files: the manifest, and the lines by type. */
    async takeAll(group: string, query = "") {
      const begun = await begin(group, query);
      while ((await parent.bulkExports?.continue(live)) === "busy");
      const told = await ask("GET", begun.header("content-location"));
      const manifest = JSON.parse(told.text) as Manifest;
      const lines = new Map<string, string[]>();
      for (const { type, url } of [...manifest.output, ...(manifest.deleted ?? [])]) {
        const file = await ask("GET", url);
        lines.set(type, [...(lines.get(type) ?? []), ...file.text.split("\n").filter((line: string) => line !== "")]);
      }
      return { address: begun.header("content-location"), told, manifest, lines, types: [...lines.keys()].sort() };
    },
    [Symbol.asyncDispose]: () => pair[Symbol.asyncDispose](),
  };
}

interface Manifest {
  readonly transactionTime: string;
  readonly request: string;
  readonly requiresAccessToken: boolean;
  readonly output: readonly { readonly type: string; readonly url: string; readonly count: number }[];
  readonly deleted?: readonly { readonly type: string; readonly url: string; readonly count: number }[];
}

function marked(city: string, patient: string) {
  return [
    aPatientIn(city, patient, { name: [{ family: canaryOf(patient) }] }),
    aNoteOn(patient, `note-${patient}`, canaryOf(patient)),
  ];
}

function aGroup(id: string, ...members: readonly (readonly [patient: string, isInactive?: boolean])[]) {
  const member = members.map(([patient, inactive = false]) => ({
    entity: { reference: `Patient/${patient}` },
    inactive,
  }));
  return { resourceType: "Group", id, type: "person", actual: true, member };
}

const issueOf = (text: string) => (JSON.parse(text) as { issue: { severity: string; code: string }[] }).issue[0];

function everyByte(folder: string): string {
  if (!existsSync(folder)) return "";
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".gz"))
    .map((entry) => gunzipSync(readFileSync(join(entry.parentPath, entry.name))).toString())
    .join("\n");
}

describeOnEachDatabase("a bulk export", (_, dialect) => {
  it("[S190] is asked for, waited for, taken file by file and ended as Bulk Data Access says", async () => {
    await using exporting = await openExporting(dialect);
    const { parent, ask, begin } = exporting;
    await setCatchment(parent, "kisumu", livingIn("Kisumu"));
    await save(parent, ...marked("Kisumu", "p1"), { resourceType: "Practitioner", id: "nurse" });

    const begun = await begin("kisumu");
    const address = begun.header("content-location");
    const waiting = await ask("GET", address);
    while ((await parent.bulkExports?.continue(live)) === "busy");
    const ready = await ask("GET", address);
    const manifest = JSON.parse(ready.text) as Manifest;
    const file = await ask("GET", manifest.output.find(({ type }) => type === "Patient")?.url ?? "");
    const packed = await ask("GET", manifest.output[0]?.url ?? "", { "accept-encoding": "gzip" });
    const ended = await ask("DELETE", address);

    expect([begun.status, waiting.status, ready.status, ended.status]).toEqual([202, 202, 200, 202]);
    expect([waiting.header("x-progress"), waiting.header("retry-after")]).toEqual(["0 records written", "5"]);
    expect(manifest).toMatchObject({
      request: expect.stringContaining("/fhir/Group/kisumu/$export"),
      requiresAccessToken: true,
      output: ["Observation", "Patient", "Practitioner"].map((type) => ({ type, count: 1 })),
    });
    expect(Date.parse(ready.header("expires"))).toBeGreaterThan(Date.parse(manifest.transactionTime));
    expect([file.status, file.header("content-type")]).toEqual([200, "application/fhir+ndjson"]);
    expect(JSON.parse(file.text)).toMatchObject({ resourceType: "Patient", id: "p1", meta: { versionId: "1" } });
    expect(packed.header("content-encoding")).toBe("gzip");
    expect(JSON.parse(gunzipSync(packed.bytes).toString())).toMatchObject({ resourceType: "Observation" });
    expect([(await ask("GET", address)).status, (await ask("DELETE", address)).status]).toEqual([404, 404]);
    expect((await ask("GET", manifest.output[0]?.url ?? "")).status).toBe(404);
    expect(everyByte(home)).toBe("");
  });

  it("[S190] is offered in the CapabilityStatement of a parent, and not by a child", async () => {
    await using exporting = await openExporting(dialect);
    const { parent, child } = exporting.pair.servers;
    const operationsOf = async (server: typeof parent) => {
      const { rest } = (await server.inject({ method: "GET", url: "/fhir/metadata" })).json() as {
        rest: { resource: { type: string; operation: { name: string }[] }[] }[];
      };
      return rest[0]?.resource.find(({ type }) => type === "Group")?.operation.map(({ name }) => name);
    };

    expect(await operationsOf(parent)).toEqual(["validate", "export"]);
    expect(await operationsOf(child)).toEqual(["validate"]);
    const atChild = await child.inject({ method: "GET", url: "/fhir/bulk-exports/any" });
    expect([401, 404]).toContain(atChild.statusCode);
  });

  it("[S191] tells of the group's patients and of nobody else, whether it is a catchment or a Group", async () => {
    await using exporting = await openExporting(dialect);
    const { parent, takeAll } = exporting;
    await setCatchment(parent, "kisumu", livingIn("Kisumu"));
    await save(parent, ...marked("Kisumu", "in"), ...marked("Nairobi", "out"), ...marked("Nairobi", "was"));
    await save(parent, aGroup("study", ["out"], ["was", true]), { resourceType: "Location", id: "ward" });

    const catchment = await takeAll("kisumu");
    const stored = everyByte(home);
    const group = await takeAll("study");
    const everybody = await takeAll("everything");

    const told = (lines: Map<string, string[]>) =>
      ["in", "out", "was"].filter((patient) => JSON.stringify([...lines]).includes(canaryOf(patient)));
    expect([catchment, group, everybody].map(({ lines }) => told(lines))).toEqual([
      ["in"],
      ["out"],
      ["in", "out", "was"],
    ]);
    expect(stored).not.toMatch(/canary-(out|was)/);
    expect([catchment, group, everybody].map(({ types }) => types)).toEqual([
      ["Location", "Observation", "Patient"],
      ["Location", "Observation", "Patient"],
      ["Location", "Observation", "Patient"],
    ]);
  });

  it("[S191] names a Group before a catchment, and the catchment by its full name", async () => {
    await using exporting = await openExporting(dialect);
    const { parent, takeAll } = exporting;
    await setCatchment(parent, "tb", livingIn("Kisumu"));
    await save(parent, ...marked("Kisumu", "catchment"), ...marked("Nairobi", "group"), aGroup("tb", ["group"]));

    const [group, catchment] = [await takeAll("tb"), await takeAll("catchment.tb")];

    const patientIn = ({ lines }: typeof group) => JSON.parse(lines.get("Patient")?.[0] ?? "{}") as { id?: string };
    expect([patientIn(group).id, patientIn(catchment).id]).toEqual(["group", "catchment"]);
  });

  it("[S190] gives the types that are wanted, what has changed since, who came since, and what was deleted", async () => {
    await using exporting = await openExporting(dialect);
    const { parent, takeAll } = exporting;
    await setCatchment(parent, "kisumu", livingIn("Kisumu"));
    await save(parent, ...marked("Kisumu", "p1"), ...marked("Nairobi", "p2"), aNoteOn("p1", "gone"));
    const types = await takeAll("kisumu", "?_type=Patient,Practitioner&_outputFormat=ndjson");
    const now = systemClock.now();
    const since = new Date(now).toISOString();
    while (systemClock.now() <= now) await systemClock.sleep(1, live);
    await save(parent, aPatientIn("Kisumu", "p2"));
    await parent.database.transaction((tx) => parent.store.write(tx, [deleting("Observation", "gone")]));

    const changed = await takeAll("kisumu", `?_since=${since}`);

    expect(types.types).toEqual(["Patient"]);
    expect(changed.manifest.output.map(({ type, count }) => [type, count])).toEqual([
      ["Observation", 1],
      ["Patient", 1],
    ]);
    expect(changed.lines.get("Observation")?.[0]).toContain("note-p2");
    expect(JSON.parse(changed.lines.get("Bundle")?.[0] ?? "{}")).toMatchObject({
      type: "transaction",
      entry: [{ request: { method: "DELETE", url: "Observation/gone" } }],
    });
  });

  it("[S190] writes a record that stands on many lines as one, to the token", async () => {
    await using exporting = await openExporting(dialect);
    const { parent, takeAll } = exporting;
    const body =
      '{\n "resourceType": "Observation",\r\n "id": "o1", "status": "final",\n "code": {"text": "a\\nb"},\n'.concat(
        ' "subject": {"reference": "Patient/p1"}, "valueQuantity": {"value": 1.00}\n}',
      );
    await save(parent, aPatientIn("Kisumu", "p1"));
    const resource = JSON.parse(body);
    const key = { type: "Observation", id: "o1" };
    await parent.database.transaction((tx) => parent.store.write(tx, [{ kind: "save", key, body, resource }]));

    const { lines } = await takeAll("everything", "?_type=Observation");

    expect(lines.get("Observation")).toHaveLength(1);
    expect(lines.get("Observation")?.[0]).toContain('"value": 1.00');
    expect(JSON.parse(lines.get("Observation")?.[0] ?? "")).toMatchObject({ code: { text: "a\nb" } });
  });

  it("[S192] is refused with the reason as an OperationOutcome, and writes nothing then", async () => {
    await using exporting = await openExporting(dialect);
    const { parent, begin } = exporting;
    await setCatchment(parent, "kisumu", livingIn("Kisumu"));

    const refused = [
      await begin("kisumu", "", "return=minimal"),
      await begin("kisumu", "?_type=Patient,Nonsense"),
      await begin("kisumu", "?_since=yesterday"),
      await begin("kisumu", "?_outputFormat=text/csv"),
      await begin("kisumu", "?_elements=id"),
      await begin("nowhere"),
    ];
    const lenient = await begin("kisumu", "?_elements=id", "respond-async, handling=lenient");
    for (let n = 0; n < 3; n++) await begin("kisumu");
    const tooMany = await begin("kisumu");

    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 404]);
    for (const { text } of refused) expect(issueOf(text)).toMatchObject({ severity: "error" });
    expect(lenient.status).toBe(202);
    expect([tooMany.status, issueOf(tooMany.text)?.code]).toEqual([429, "throttled"]);
    expect(Number(tooMany.header("retry-after"))).toBeGreaterThan(0);
  });

  it("[S192] is for administrators and API tokens only, each step entered in the audit trail", async () => {
    await using exporting = await openExporting(dialect);
    const { parent, pair, ask, takeAll } = exporting;
    await save(parent, ...marked("Kisumu", "p1"));
    const { address, manifest } = await takeAll("everything");
    const paths = ["/fhir/Group/everything/$export", address, ...manifest.output.map(({ url }) => url)];
    const cookies = [undefined, await signedIn(parent, "viewer"), await signedIn(parent, "reviewer")];
    const statuses = new Set<number>();

    for (const path of paths) {
      for (const cookie of cookies) {
        const url = new URL(path, "http://node.test").pathname;
        const headers = { prefer: "respond-async", ...(cookie === undefined ? {} : { cookie }) };
        const answer = await pair.servers.parent.inject({ method: "GET", url, headers });
        expect(answer.body).not.toContain("canary");
        statuses.add(answer.statusCode);
      }
    }
    await ask("DELETE", address);

    expect([...statuses].sort()).toEqual([401, 403]);
    const { entries } = await listAudit(parent.database, { operation: "manual" }, { limit: 20 });
    const outcomes = entries.map(({ outcome }) => outcome).reverse();
    expect(outcomes).toEqual(["export-asked", ...manifest.output.map(() => "export-taken"), "export-cancelled"]);
    expect(new Set(entries.map(({ actor, reference }) => `${actor} ${reference}`))).toEqual(
      new Set(["reporting Group/everything"]),
    );
  });

  it("[S193] that a restart broke off is written anew, and one whose time is over is taken away", async () => {
    await using exporting = await openExporting(dialect);
    const { parent, ask, begin } = exporting;
    await save(parent, ...marked("Kisumu", "p1"));
    const address = (await begin("everything")).header("content-location");
    const broken = new AbortController();
    broken.abort();
    await parent.bulkExports?.continue(broken.signal);
    const stillWaiting = await ask("GET", address);

    while ((await exportsAt(parent, systemClock).continue(live)) === "busy");
    const written = await ask("GET", address);
    const stored = everyByte(home);
    const dayAfter = exportsAt(parent, { ...systemClock, now: () => systemClock.now() + 2 * dayMs });
    const exportId = address.split("/").at(-1) ?? "";
    const overThen = await dayAfter.read(exportId);
    await dayAfter.continue(live);

    expect([stillWaiting.status, written.status]).toEqual([202, 200]);
    expect(stored).toContain(canaryOf("p1"));
    expect(overThen).toBeUndefined();
    expect(everyByte(home)).toBe("");
    expect((await ask("GET", address)).status).toBe(404);
  });

  it("[S193] is forgotten with whoever is purged, and one whose group is gone says that it failed", async () => {
    await using exporting = await openExporting(dialect);
    const { parent, ask, begin, takeAll } = exporting;
    await save(parent, ...marked("Kisumu", "p1"), aGroup("study", ["p1"]));
    const { address } = await takeAll("study");
    await parent.bulkExports?.forgetAll();
    const forgotten = await ask("GET", address);
    const second = (await begin("study")).header("content-location");
    await parent.database.transaction((tx) => parent.store.write(tx, [deleting("Group", "study")]));
    while ((await parent.bulkExports?.continue(live)) === "busy");
    const failed = await ask("GET", second);

    expect(forgotten.status).toBe(404);
    expect(everyByte(home)).toBe("");
    expect([failed.status, issueOf(failed.text)?.severity]).toEqual([500, "fatal"]);
  });
});

async function signedIn(node: Node, role: "viewer" | "reviewer"): Promise<string> {
  const actor = { nodeId: node.id, author: "test", now: systemClock.now(), random: systemRandom };
  await createUser(node.database, { name: `a-${role}`, role, password: "a long sentence" }, actor);
  const session = { random: systemRandom, now: systemClock.now() };
  return `tributary-session=${await node.database.transaction((tx) => makeSession(tx, `a-${role}`, session))}`;
}

/** Another process over the same database and folder. */
function exportsAt({ database, store, id: nodeId, random, logger, config }: Node, clock: Clock): BulkExports {
  const folder = join(config.snapshots.folder, "exports");
  return new BulkExports({ database, store, nodeId, clock, random, logger, folder });
}
