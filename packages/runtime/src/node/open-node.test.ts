import { openDatabase } from "@tributary/database";
import { describeOnEachDatabase, makeTestDatabase, type TestDatabasePlace } from "@tributary/database/testing";
import { type NodeId, systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { parseConfig } from "../config/read-config.ts";
import { claimDatabase } from "./node-identity.ts";
import { readNodeStatus } from "./node-status.ts";
import { migrateNode, nodeTimeline } from "./node-timeline.ts";
import { openNode } from "./open-node.ts";

describeOnEachDatabase("an assembled node", (_open, dialect) => {
  async function configFor(place: TestDatabasePlace, role: "parent" | "child") {
    const text = `node: { id: centre, role: ${role} }\ndatabase: ${JSON.stringify(place.address)}`;
    return parseConfig(text, { where: "the test", folder: "/" });
  }

  async function makeNodePlace(): Promise<TestDatabasePlace> {
    const place = await makeTestDatabase(dialect);
    await using database = await openDatabase({ address: place.address });
    await migrateNode(database);
    await claimDatabase(database, "centre" as NodeId, systemClock);
    return place;
  }

  const request = {
    headers: { "content-type": "application/fhir+json" },
    body: "",
    signal: new AbortController().signal,
  };

  it("announces what is written through its FHIR API on its feeds", async () => {
    await using place = await makeNodePlace();
    await using node = await openNode(await configFor(place, "parent"));
    await node.startWorkers();

    const created = await node.fhir.handle({
      ...request,
      method: "POST",
      url: new URL("http://a.example/fhir/Patient"),
      parameters: { path: "Patient" },
      body: '{"resourceType":"Patient","active":true}',
    });

    expect(created.status).toBe(201);
    const readFeed = async () => {
      const url = new URL("http://a.example/feed/patient/recent");
      const page = await node.feed.handle({
        ...request,
        method: "GET",
        url,
        parameters: { category: "patient", page: "recent" },
      });
      return String(page.body);
    };
    await expect.poll(readFeed).toContain("/fhir/Patient/");
    expect(await readNodeStatus(node.database, node.config)).toMatchObject({ records: 1, announced: 1, queued: 0 });
  });

  it("offers a sync interface to children only when it may have some", async () => {
    await using place = await makeNodePlace();
    {
      await using parent = await openNode(await configFor(place, "parent"));
      expect(parent.syncRoutes.length).toBeGreaterThan(0);
    }
    await using child = await openNode(await configFor(place, "child"));
    expect(child.syncRoutes).toEqual([]);
  });

  it("refuses a database that is not its own, and leaves nothing open", async () => {
    await using place = await makeTestDatabase(dialect);

    await expect(openNode(await configFor(place, "parent"))).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });
});

it("gives every step of the timeline an id of its own", () => {
  const ids = nodeTimeline.map(({ id }) => id);

  expect(new Set(ids).size).toBe(ids.length);
});
