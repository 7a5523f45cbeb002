import { readAuditOfRecord } from "@tributary/audit";
import { openDatabase } from "@tributary/database";
import { describeOnEachDatabase, makeTestDatabase } from "@tributary/database/testing";
import { allFeed, readFeedHead } from "@tributary/events";
import type { JsonObject } from "@tributary/fhir";
import { aPatient } from "@tributary/fhir/testing";
import { type NodeId, systemClock } from "@tributary/kernel";
import { enrol, exchangeOver, moveAll, type NodeForTests, oneRound, openNodeForTests } from "@tributary/sync/testing";
import { expect, it } from "vitest";
import { parseConfig } from "../config/read-config.ts";
import { claimDatabase } from "./node-identity.ts";
import { migrateNode } from "./node-timeline.ts";
import { type Node, openNode } from "./open-node.ts";

const json = "application/fhir+json";
const shared = { gender: "male", birthDate: "1980-01-01", language: "en" };

/** A parent as the program runs it, and a child of it. */
interface Pair extends AsyncDisposable {
  readonly centre: Node;
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
  /** Asks the parent's FHIR API; the body is sent as it stands. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number }>;
}

describeOnEachDatabase("a plain FHIR write at the parent", (open, dialect) => {
  async function openPair(): Promise<Pair> {
    const stack = new AsyncDisposableStack();
    const place = stack.use(await makeTestDatabase(dialect));
    await using bare = await openDatabase({ address: place.address });
    await migrateNode(bare);
    await claimDatabase(bare, "centre" as NodeId, systemClock);
    const text = JSON.stringify({ node: { id: "centre", role: "parent" }, database: place.address });
    const centre = stack.use(await openNode(await parseConfig(text, { where: "the test", folder: "/" })));
    const child = await openNodeForTests(stack.use(await open()), "clinic");
    const { id, database, store, clock } = centre;
    const parent = { ...child, id, database, store, clock, answer: exchangeOver(centre.syncRoutes) };
    await enrol(child, parent);
    return {
      centre,
      parent,
      child,
      async ask(method, path, body, headers = {}) {
        const [name = "", query] = path.split("?");
        const answer = await centre.fhir.handle({
          method,
          url: new URL(`http://centre.test/fhir/${path}`),
          headers: { "content-type": json, ...headers },
          parameters: { path: name },
          body: body === undefined ? "" : JSON.stringify(body),
          signal: new AbortController().signal,
        });
        expect(query === undefined || answer.status !== 404).toBe(true);
        await moveAll(database);
        return answer;
      },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  }

  async function bodyAt({ store, database }: Pick<NodeForTests, "store" | "database">, id = "p"): Promise<JsonObject> {
    const stored = await store.read(database, { type: "Patient", id });
    return JSON.parse(stored?.body ?? "{}") as JsonObject;
  }

  it("[S89] is refused with 412 when the child's push came between the read and the write", async () => {
    await using pair = await openPair();
    const { child, parent, ask } = pair;
    await ask("PUT", "Patient/p", aPatient("p", shared));
    await oneRound(child, parent);
    await child.save(aPatient("p", { ...shared, gender: "female" }));
    await oneRound(child, parent);

    const stale = await ask("PUT", "Patient/p", aPatient("p", { ...shared, active: true }), { "if-match": 'W/"1"' });
    const fresh = await ask("PUT", "Patient/p", aPatient("p", { ...shared, active: true }), { "if-match": 'W/"2"' });

    expect([stale.status, fresh.status]).toEqual([412, 200]);
  });

  it("[S89] without a condition is the last one, and history keeps what it replaced", async () => {
    await using pair = await openPair();
    const { child, parent, ask } = pair;
    await ask("PUT", "Patient/p", aPatient("p", shared));
    await oneRound(child, parent);
    await child.save(aPatient("p", { ...shared, gender: "female" }));
    await oneRound(child, parent);

    await ask("PUT", "Patient/p", aPatient("p", { ...shared, active: true }));
    await oneRound(child, parent);

    const before = await parent.store.readVersion(parent.database, { type: "Patient", id: "p" }, 2);
    expect(before?.body).toContain("female");
    expect(await bodyAt(child)).toEqual(await bodyAt(parent));
    expect(await bodyAt(child)).toMatchObject({ gender: "male", active: true });
  });

  it.each([
    ["PUT", "Patient/p", aPatient("p", { ...shared, language: "sw" }), {}],
    [
      "PATCH",
      "Patient/p",
      [{ op: "replace", path: "/language", value: "sw" }],
      { "content-type": "application/json-patch+json" },
    ],
    ["PUT", "Patient?birthdate=1980-01-01", aPatient("p", { ...shared, language: "sw" }), {}],
    [
      "POST",
      "",
      {
        resourceType: "Bundle",
        type: "transaction",
        entry: [
          {
            resource: aPatient("p", { ...shared, language: "sw" }),
            request: { method: "PUT", url: "Patient/p", ifMatch: 'W/"1"' },
          },
        ],
      },
      {},
    ],
  ])(
    "[S89] by %s %s is audited, announced, and merged with a push on an older version",
    async (method, path, body, headers) => {
      await using pair = await openPair();
      const { child, parent, ask } = pair;
      await ask("PUT", "Patient/p", aPatient("p", shared));
      await oneRound(child, parent);
      const head = await readFeedHead(parent.database, allFeed);
      const { status } = await ask(method, path, body, headers as Record<string, string>);
      const announced = (await readFeedHead(parent.database, allFeed)) - head;
      await child.save(aPatient("p", { ...shared, gender: "female" }));

      const { pushed } = await oneRound(child, parent);

      expect([status, announced]).toEqual([200, 1]);
      expect(pushed).toMatchObject({ merged: 1, conflicts: 0 });
      expect(await bodyAt(parent)).toMatchObject({ gender: "female", language: "sw" });
      expect(await bodyAt(child)).toEqual(await bodyAt(parent));
      const audited = await readAuditOfRecord(parent.database, "Patient/p", 9);
      expect(audited.map(({ operation }) => operation).toSorted()).toEqual(["local-write", "local-write", "merge"]);
    },
  );

  it("[S89] that deletes meets a push on an older version as a conflict", async () => {
    await using pair = await openPair();
    const { child, parent, ask } = pair;
    await ask("PUT", "Patient/p", aPatient("p", shared));
    await oneRound(child, parent);
    const { status } = await ask("DELETE", "Patient/p");
    await child.save(aPatient("p", { ...shared, gender: "female" }));

    const { pushed } = await oneRound(child, parent);

    expect(status).toBe(204);
    expect(pushed).toMatchObject({ merged: 1, conflicts: 1 });
    expect(await bodyAt(parent)).toMatchObject({ gender: "female" });
  });

  it("[S89] at the same moment as a push is made before it or after it, never through it", async () => {
    await using pair = await openPair();
    const { child, parent, ask } = pair;
    const ids = Array.from({ length: 8 }, (_, n) => `p${n}`);
    for (const id of ids) await ask("PUT", `Patient/${id}`, aPatient(id, shared));
    await oneRound(child, parent);
    for (const id of ids) await child.save(aPatient(id, { ...shared, gender: "female" }));

    const conditional = { "if-match": 'W/"1"' };
    const patch = { "content-type": "application/json-patch+json" };
    const [, ...answers] = await Promise.all([
      oneRound(child, parent),
      ...ids.map((id, n) =>
        n % 2 === 0
          ? ask("PUT", `Patient/${id}`, aPatient(id, { ...shared, language: "sw" }), conditional)
          : ask("PATCH", `Patient/${id}`, [{ op: "replace", path: "/language", value: "sw" }], patch),
      ),
    ]);
    await oneRound(child, parent);

    for (const [n, id] of ids.entries()) {
      const isWritten = (answers[n] as { status: number }).status === 200;
      expect(isWritten || n % 2 === 0, "a patch is made on what is current").toBe(true);
      expect(await bodyAt(parent, id)).toMatchObject({ gender: "female", language: isWritten ? "sw" : "en" });
      expect(await bodyAt(child, id)).toEqual(await bodyAt(parent, id));
    }
  });
});
