import { AdminRefusal, adminClient, adminReader } from "@tributary/admin-api";
import { sql } from "@tributary/database";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { openPair, save } from "../../testing/open-pair.ts";
import { handIn } from "./hand-in.ts";

it("hands requests to the routes as an administrator, in the name that is given", async () => {
  await using pair = await openPair("sqlite");
  const ask = adminClient(handIn(pair.child, "rose"));

  const counts = await ask("GET /failures/counts");
  const paused = await ask("POST /pause", { body: { directions: ["push"], reason: "repair" } });
  const { entries } = await ask("GET /audit", { query: { actor: "rose" } });

  expect(counts.total).toBe(0);
  expect(paused.pauses).toMatchObject([{ direction: "push", pausedBy: "rose" }]);
  expect(entries).toMatchObject([{ actor: "rose", operation: "configure" }]);
});

it("finds the routes of a node that stands below a path of its address", async () => {
  await using pair = await openPair("sqlite");
  const { config } = pair.child;
  const child = { ...pair.child, config: { ...config, http: { ...config.http, publicUrl: "https://x.org/clinic/" } } };
  const way = handIn(child, "rose");

  expect(way.base).toBe("https://x.org/clinic/admin/v1");
  expect(await adminClient(way)("GET /failures/counts")).toMatchObject({ total: 0 });
});

it("answers what a handler refuses, also where a name has a slash in it, and throws what else it throws", async () => {
  await using pair = await openPair("sqlite");
  const ask = adminClient(handIn(pair.child, "rose"));

  const absent = ask("GET /failures/:id", { path: { id: "pull:Patient/1" } });
  await expect(absent).rejects.toThrow(AdminRefusal);
  await expect(absent).rejects.toMatchObject({ status: 404, message: expect.stringContaining("pull:Patient/1") });
  await expect(ask("POST /pause", { body: { reason: "" } })).rejects.toMatchObject({ status: 400, code: "invalid" });
  await expect(ask("GET /conflicts/:id", { path: { id: "none" } })).rejects.toMatchObject({ code: "CONFLICT_UNKNOWN" });
});

it("reads no more of a long answer than is taken", async () => {
  await using pair = await openPair("sqlite");
  const { child } = pair;
  await save(child, aPatient("p"));
  const copy = sql(`
    insert into audit_entries (node, at, actor, operation, reference, outcome)
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 20000)
    select 'clinic', n, 'rose', 'pull', 'Patient/p', 'applied' from numbers`);
  await child.database.transaction((tx) => tx.run(copy, []));
  let batches = 0;
  const counted = new Proxy(child.database, {
    get(database, name) {
      const value = Reflect.get(database, name, database);
      if (typeof value !== "function") return value;
      if (name === "snapshot") batches += 1;
      return value.bind(database);
    },
  });
  const read = adminReader(handIn({ ...child, database: counted }, "rose"));

  let lines = 0;
  for await (const text of read("GET /audit/export", { query: { format: "ndjson", actor: "rose" } })) {
    lines += text.split("\n").length - 1;
    if (lines >= 500) break;
  }
  const batchesByThen = batches;
  for await (const text of read("GET /audit/export", { query: { format: "ndjson", actor: "rose" } })) {
    lines += text.split("\n").length - 1;
  }

  expect(batchesByThen).toBeLessThanOrEqual(2);
  expect(batches).toBeGreaterThan(batchesByThen + 5);
  expect(lines).toBe(20_500);
});
