import { openDatabase } from "@tributary/database";
import { describeOnEachDatabase, makeTestDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { type NodeId, systemClock } from "@tributary/kernel";
import { enrol, exchangeOver, moveAll, oneRound, openNodeForTests } from "@tributary/sync/testing";
import { expect, it } from "vitest";
import { parseConfig } from "../config/read-config.ts";
import { claimDatabase } from "./node-identity.ts";
import { migrateNode } from "./node-timeline.ts";
import { openNode } from "./open-node.ts";

describeOnEachDatabase("a parent's merge rules", (open, dialect) => {
  it("[S90] decide where a child's push meets another edit, in words and in code", async () => {
    await using place = await makeTestDatabase(dialect);
    const text = JSON.stringify({
      node: { id: "centre", role: "parent" },
      database: place.address,
      merge: { policies: [{ type: "Patient", element: "birthDate", policy: "child-wins" }] },
    });
    await using bare = await openDatabase({ address: place.address });
    await migrateNode(bare);
    await claimDatabase(bare, "centre" as NodeId, systemClock);
    await using centre = await openNode(await parseConfig(text, { where: "the test", folder: "/" }), {
      policies: [
        { type: "Patient", element: "gender", policy: () => ({ kind: "put", fragment: { gender: "unknown" } }) },
      ],
    });
    await using childDatabase = await open();
    const child = await openNodeForTests(childDatabase, "clinic");
    const parent = { ...child, id: centre.id, database: centre.database, answer: exchangeOver(centre.syncRoutes) };
    await enrol(child, parent);
    await child.save(aPatient("p", { gender: "male", birthDate: "1980-01-01", language: "en" }));
    await oneRound(child, parent);
    await put(aPatient("p", { gender: "female", birthDate: "1981-01-01", language: "fr" }));
    await child.save(aPatient("p", { gender: "other", birthDate: "1982-01-01", language: "sw" }));

    const { pushed } = await oneRound(child, parent);

    const [body = ""] = Object.values(await child.bodies());
    expect(JSON.parse(body)).toMatchObject({ gender: "unknown", birthDate: "1982-01-01", language: "fr" });
    expect(pushed).toMatchObject({ merged: 1, conflicts: 1 });

    async function put(resource: object) {
      const answer = await centre.fhir.handle({
        method: "PUT",
        url: new URL("http://centre.test/fhir/Patient/p"),
        headers: { "content-type": "application/fhir+json" },
        parameters: { path: "Patient/p" },
        body: JSON.stringify(resource),
        signal: new AbortController().signal,
      });
      expect(answer.status).toBe(200);
      await moveAll(centre.database);
    }
  });
});
