import { listAudit } from "@tributary/audit";
import { openDatabase } from "@tributary/database";
import { describeOnEachDatabase, makeTestDatabase } from "@tributary/database/testing";
import { type NodeId, systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { parseConfig } from "../config/read-config.ts";
import { claimDatabase } from "./node-identity.ts";
import { migrateNode } from "./node-timeline.ts";
import { callerHeader, type Node, openNode } from "./open-node.ts";

describeOnEachDatabase("the trail of a node's own writes", (_open, dialect) => {
  async function openTestNode(stack: AsyncDisposableStack): Promise<Node> {
    const { address } = stack.use(await makeTestDatabase(dialect));
    {
      await using database = await openDatabase({ address });
      await migrateNode(database);
      await claimDatabase(database, "centre" as NodeId, systemClock);
    }
    const text = `node: { id: centre, role: parent }\ndatabase: ${JSON.stringify(address)}`;
    return stack.use(await openNode(await parseConfig(text, { where: "the test", folder: "/" })));
  }

  async function send(node: Node, method: string, path: string, body: object | undefined, by?: string) {
    const answer = await node.fhir.handle({
      method,
      url: new URL(`http://a.example/fhir/${path}`.replace(/\/$/, "")),
      headers: { "content-type": "application/fhir+json", [callerHeader]: by },
      parameters: { path },
      body: body ? JSON.stringify(body) : "",
      signal: new AbortController().signal,
    });
    return answer.status;
  }

  const patient = (id: string, active: boolean) => ({ resourceType: "Patient", id, active });
  const entries = async (node: Node) => (await listAudit(node.database, {}, { limit: 50 })).entries.toReversed();

  it("enters each version once, with who wrote it and the versions before and after", async () => {
    await using stack = new AsyncDisposableStack();
    const node = await openTestNode(stack);

    await send(node, "PUT", "Patient/p1", patient("p1", true), "nurse");
    await send(node, "PUT", "Patient/p1", patient("p1", false));
    await send(node, "PUT", "Patient/p1", patient("p1", false));
    await send(node, "DELETE", "Patient/p1", undefined, "nurse");

    const common = {
      node: "centre",
      operation: "local-write",
      reference: "Patient/p1",
      link: null,
      outcome: "applied",
    };
    expect(await entries(node)).toMatchObject([
      { ...common, actor: "nurse", versionBefore: null, versionAfter: 1 },
      { ...common, actor: "centre", versionBefore: 1, versionAfter: 2 },
      { ...common, actor: "nurse", versionBefore: 2, versionAfter: 3, outcome: "deleted" },
    ]);
  });

  it("enters every record of a transaction Bundle under one operation, and nothing of one that is refused", async () => {
    await using stack = new AsyncDisposableStack();
    const node = await openTestNode(stack);
    const bundle = (...requests: { id: string; ifMatch?: string }[]) => ({
      resourceType: "Bundle",
      type: "transaction",
      entry: requests.map(({ id, ifMatch }) => ({
        resource: patient(id, true),
        request: { method: "PUT", url: `Patient/${id}`, ...(ifMatch ? { ifMatch } : {}) },
      })),
    });

    const done = await send(node, "POST", "", bundle({ id: "a" }, { id: "b" }));
    const refused = await send(node, "POST", "", bundle({ id: "c" }, { id: "a", ifMatch: 'W/"7"' }));

    expect([done, refused]).toEqual([200, 412]);
    const told = await entries(node);
    expect(told.map(({ reference }) => reference).sort()).toEqual(["Patient/a", "Patient/b"]);
    expect(new Set(told.map(({ operationId }) => operationId)).size).toBe(1);
  });
});
