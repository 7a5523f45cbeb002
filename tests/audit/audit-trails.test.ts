import { type Dialect, openDatabase, sql } from "@tributary/database";
import { describeOnEachDatabase, makeTestDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { type NodeId, seededRandom, systemClock, systemRandom } from "@tributary/kernel";
import {
  callerHeader,
  claimDatabase,
  listAudit,
  migrateNode,
  type Node,
  openNode,
  parseConfig,
  verifyAuditTrail,
} from "@tributary/runtime";
import { enrolWithParent, issueEnrolmentCode, type Synchronizer } from "@tributary/sync";
import { exchangeOver, moveAll } from "@tributary/sync/testing";
import { expect, it } from "vitest";

const { signal } = new AbortController();
const rounds = 6;
const writesInRound = 5;
const patients = 4;

describeOnEachDatabase("the audit trail of a network", (_open, dialect) => {
  it("[S71] has one entry for each version at each node, and the root has every node's", async () => {
    await using stack = new AsyncDisposableStack();
    const centre = await openOne(stack, dialect, "centre", "parent");
    const children = [
      await openChild(stack, dialect, "clinic-a", centre),
      await openChild(stack, dialect, "clinic-b", centre),
    ];
    const nodes = [centre, ...children.map(({ node }) => node)];
    const random = seededRandom(20);

    for (let round = 0; round < rounds; round += 1) {
      for (let write = 0; write < writesInRound; write += 1) await writeSomewhere(nodes, random, round);
      for (const { synchronizer } of children) if (draw(random, 4) > 0) await synchronize(synchronizer, nodes);
    }
    for (let quiet = 0; quiet < 3; quiet += 1)
      for (const { synchronizer } of children) await synchronize(synchronizer, nodes);

    for (const node of nodes) {
      expect(await entriesOfVersions(node, node.id)).toEqual(await versionsOf(node));
      expect(await verifyAuditTrail(node.database)).toMatchObject({ isSound: true });
    }
    for (const { node } of children) {
      expect(await entriesOfVersions(centre, node.id)).toEqual(await versionsOf(node));
    }
    expect((await verifyAuditTrail(centre.database)).others).toHaveLength(children.length);
    const before = (await listAudit(centre.database, {}, { limit: 1 })).entries;
    const [one] = children;
    expect(await one?.synchronizer.shareAuditOnce(signal)).toMatchObject({ requests: 0, told: 0 });
    expect((await listAudit(centre.database, {}, { limit: 1 })).entries).toEqual(before);
  });

  it("[S72] is the same AuditEvents at the clinic and at the centre, and nobody can write one", async () => {
    await using stack = new AsyncDisposableStack();
    const centre = await openOne(stack, dialect, "centre", "parent");
    const { node: clinic, synchronizer } = await openChild(stack, dialect, "clinic-a", centre);
    await ask(clinic, "PUT", "Patient/p1", aPatient("p1", {}));
    await synchronize(synchronizer, [clinic, centre]);

    const there = await ask(clinic, "GET", "AuditEvent?site=clinic-a");
    const here = await ask(centre, "GET", "AuditEvent?site=clinic-a");

    const ids = ({ json }: typeof here) => json.entry?.map(({ resource }) => resource["id"]);
    expect(ids(here)).toHaveLength(3);
    expect(ids(here)).toEqual(ids(there));
    const [event] = here.json.entry!;
    expect((await ask(centre, "PUT", `AuditEvent/${event?.resource["id"]}`, event?.resource)).status).toBe(405);
    expect((await ask(centre, "POST", "AuditEvent", event?.resource)).status).toBe(405);
  });
});

type Source = ReturnType<typeof seededRandom>;

function draw(random: Source, below: number): number {
  return random.bytes(1)[0]! % below;
}

async function openOne(
  stack: AsyncDisposableStack,
  dialect: Dialect,
  id: string,
  role: "parent" | "child",
  surroundings: Parameters<typeof openNode>[1] = {},
): Promise<Node> {
  const { address } = stack.use(await makeTestDatabase(dialect));
  {
    await using database = await openDatabase({ address });
    await migrateNode(database);
    await claimDatabase(database, id as NodeId, systemClock);
  }
  const text = JSON.stringify({ node: { id, role }, database: address });
  return stack.use(await openNode(await parseConfig(text, { where: "the test", folder: "/" }), surroundings));
}

async function openChild(stack: AsyncDisposableStack, dialect: Dialect, id: string, parent: Node) {
  const exchange = exchangeOver(parent.syncRoutes);
  const node = await openOne(stack, dialect, id, "child", { exchange });
  const { database, clock } = node;
  const { code } = await issueEnrolmentCode(parent.database, { node: node.id, clock, random: systemRandom });
  await enrolWithParent({ database, nodeId: node.id, clock, exchange, code, parentUrl: "http://centre.test" });
  return { node, synchronizer: stack.use(await node.openSynchronizer()) };
}

/** Edits or deletes one of a few patients at one of the nodes, so that they meet. */
async function writeSomewhere(nodes: readonly Node[], random: Source, round: number): Promise<void> {
  const node = nodes[draw(random, nodes.length)]!;
  const id = `p${draw(random, patients)}`;
  const isDeletion = draw(random, 8) === 0;
  const resource = aPatient(id, {
    gender: ["male", "female", "other", "unknown"][draw(random, 4)]!,
    birthDate: `198${draw(random, 10)}-01-0${1 + (round % 9)}`,
    active: draw(random, 2) === 0,
  });
  await ask(node, isDeletion ? "DELETE" : "PUT", `Patient/${id}`, isDeletion ? undefined : resource);
}

interface Asked {
  readonly status: number;
  readonly json: { readonly entry?: readonly { readonly resource: Readonly<Record<string, unknown>> }[] };
}

async function ask(node: Node, method: string, address: string, body?: object): Promise<Asked> {
  const [path = ""] = address.split("?");
  const answer = await node.fhir.handle({
    method,
    url: new URL(`http://node.test/fhir/${address}`),
    headers: { "content-type": "application/fhir+json", [callerHeader]: "nurse" },
    parameters: { path },
    body: body === undefined ? "" : JSON.stringify(body),
    signal,
  });
  await moveAll(node.database);
  return { status: answer.status, json: answer.body ? JSON.parse(String(answer.body)) : {} };
}

async function synchronize(synchronizer: Synchronizer, nodes: readonly Node[]): Promise<void> {
  expect((await synchronizer.pushOnce(signal)).error).toBeUndefined();
  for (const { database } of nodes) await moveAll(database);
  expect((await synchronizer.pullOnce(signal)).error).toBeUndefined();
  for (const { database } of nodes) await moveAll(database);
  expect((await synchronizer.shareAuditOnce(signal)).error).toBeUndefined();
}

const readVersions = sql(`
  select r.type || '/' || r.id as reference, v.version
  from resource_version v join resource r on r.resource_key = v.resource_key`);

async function versionsOf({ database }: Node): Promise<string[]> {
  const rows = await database.all<{ reference: string; version: number }>(readVersions);
  return rows.map(({ reference, version }) => `${reference} ${version}`).sort();
}

async function entriesOfVersions(at: Node, of: string): Promise<string[]> {
  const changes = (["create", "update", "delete"] as const).map((change) =>
    listAudit(at.database, { node: of, change }, { limit: 500 }),
  );
  const pages = await Promise.all(changes);
  return pages.flatMap(({ entries }) => entries.map((one) => `${one.reference} ${one.versionAfter}`)).sort();
}
