import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { createUser, type UserRole } from "@tributary/runtime";
import { expect, it } from "vitest";
import { openPair, save } from "../../../testing/open-pair.ts";
import { signInForTests } from "../../../testing/sign-in-for-tests.ts";

const putAlert = sql(`
  insert into alerts (rule, subject, state, severity, opened_at, value, limit_value, sentence)
  values ($1, $2, $3, $4, 1, 1, 1, 'S')`);
const putMember = sql(`
  insert into catchment_members (catchment, patient, state, since, reason) values ('lakeside', $1, $2, $3, 'rule')`);
const putCatchment = sql("insert into catchments (name, version, rule) values ($1, 1, '{}')");

const putFailed = sql(`
  insert into failed_events (feed_uri, consumer, event_id, state, error_message, retries)
  values ('http://x/feed/recent', $1, $2, $3, 'it said no', $4)`);
const putMarker = sql("insert into markers (feed_uri, consumer) values ($1, '')");

interface Listed {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | null;
  readonly total?: number;
}

type Ask = Awaited<ReturnType<typeof openPair>>["ask"];

/** Turns the pages of a list to its end, and tells of each item what `tell` says. */
async function walk(ask: Ask, path: string, field: string, tell: (item: Record<string, unknown>) => unknown) {
  const told: unknown[] = [];
  for (let after = ""; ; ) {
    const { body } = await ask("GET", `${path}${after}`);
    told.push(...(body[field] as Record<string, unknown>[]).map(tell));
    if (body["next"] === null) return told;
    after = `&after=${encodeURIComponent(String(body["next"]))}`;
  }
}

describeOnEachDatabase("lists of the admin API", (_, dialect) => {
  it("answer as the contract says, with what there is and with nothing", async () => {
    await using pair = await openPair(dialect);
    const { parent, servers } = pair;
    const ask = await signInForTests(parent, servers.parent, "administrator");
    const feed = "http://127.0.0.1:8080/feed/recent";
    await parent.database.transaction((tx) => tx.run(putMarker, [feed]));
    await ask("POST /tokens", { body: { name: "board", role: "viewer", days: 30 } });

    const consumers = await ask("GET /feeds/consumers", { query: { category: "all" } });
    const moved = await ask("POST /feeds/consumers/marker", {
      body: { consumer: "", feed, to: "beginning", reason: "anew" },
    });
    const ways = await ask("GET /sign-in");
    const session = await ask("PATCH /session", { body: { language: "fr" } });
    const trail = await ask("GET /audit", { query: { outcome: "user-language-fr" } });

    expect((await ask("GET /tokens")).total).toBe(2);
    expect((await ask("GET /users", { query: { role: "administrator" } })).items).toMatchObject([
      { signsInBy: "password" },
    ]);
    expect((await ask("GET /children")).items).toMatchObject([{ node: "clinic" }]);
    expect((await ask("GET /feeds/failures")).items).toEqual([]);
    expect((await ask("GET /feeds")).consumers).toHaveLength(1);
    expect(consumers.items).toMatchObject([{ consumer: "", feed, category: "all", behind: 0 }]);
    expect(moved).toEqual({ consumer: "", feed, before: null, after: null });
    expect([ways, session.language]).toEqual([{ password: true, openid: null }, "fr"]);
    expect(trail.entries).toMatchObject([{ actor: "a-administrator", operationId: "a-administrator" }]);
  });

  it("give users sorted, filtered and paged", async () => {
    await using pair = await openPair(dialect);
    const { parent, askParent } = pair;
    const { clock, random, database, id: nodeId } = parent;
    const actor = { nodeId, author: "root", now: clock.now(), random };
    for (const [name, role] of [
      ["amina", "viewer"],
      ["bo", "administrator"],
      ["cy", "viewer"],
    ] as readonly [string, UserRole][]) {
      await createUser(database, { name, role, password: "a long sentence" }, actor);
    }
    const names = async (query: string) => {
      const { items, next, total } = (await askParent("GET", `/users?${query}`)).body as unknown as Listed;
      return [items.map(({ name }) => name).join(" "), next, total];
    };

    expect(await names("limit=2")).toEqual(["amina bo", "bo", 3]);
    expect(await names("limit=2&after=bo")).toEqual(["cy", null, 3]);
    expect(await names("role=viewer&order=desc")).toEqual(["cy amina", null, 2]);
    expect(await names("q=AM")).toEqual(["amina", null, 1]);
  });

  it("give alerts by rule, severity and subject, from either end, page by page", async () => {
    await using pair = await openPair(dialect);
    const { parent, askParent } = pair;
    await parent.database.transaction(async (tx) => {
      await tx.run(putAlert, ["child-silent", "post-1", "open", "warning"]);
      await tx.run(putAlert, ["child-silent", "post-2", "open", "critical"]);
      await tx.run(putAlert, ["disk-free", "centre", "closed", "warning"]);
    });
    const subjects = async (query: string) => {
      const { items, next } = (await askParent("GET", `/alerts?${query}`)).body as unknown as Listed;
      return [items.map(({ subject }) => subject).join(" "), next !== null];
    };

    expect(await subjects("")).toEqual(["centre post-2 post-1", false]);
    expect(await subjects("rule=child-silent&severity=critical")).toEqual(["post-2", false]);
    expect(await subjects("q=POST&order=asc&limit=1")).toEqual(["post-1", true]);
    expect(await subjects("order=asc&after=1")).toEqual(["post-2 centre", false]);
    expect(await subjects("state=closed")).toEqual(["centre", false]);
  });

  it("give conflicts sorted, either way and page by page", async () => {
    await using pair = await openPair(dialect);
    const { parent, child, ask, askParent } = pair;
    const people = ["b", "c", "a"].map((id) => (birthDate: string) => aPatient(id, { birthDate }));
    await save(parent, ...people.map((born) => born("1980-01-01")));
    await ask("POST", "/pull", {});
    await save(parent, ...people.map((born) => born("1981-01-01")));
    for (const born of people) await save(child, born("1982-01-01"));
    await ask("POST", "/push", {});
    const patients = (query: string) => walk(askParent, `/conflicts?${query}`, "conflicts", ({ id }) => id);
    const [first] = (await askParent("GET", "/conflicts?sort=reference&limit=1")).body["conflicts"] as Listed["items"];
    await askParent("POST", `/conflicts/${first?.["conflictId"]}/assign`, { assignee: "joe", unlisted: true });

    expect(first).toMatchObject({ id: "a" });
    expect(await patients("sort=reference&limit=1")).toEqual(["a", "b", "c"]);
    expect(await patients("sort=reference&order=desc&limit=2")).toEqual(["c", "b", "a"]);
    expect((await patients("sort=assignee&limit=1")).at(-1)).toBe("a");
    expect((await patients("sort=assignee&order=desc&limit=1")).at(0)).toBe("a");
    const oldest = await patients("limit=1");
    expect(await patients("sort=openedAt&order=desc&limit=1")).toEqual(oldest.toReversed());
    expect(oldest.toSorted()).toEqual(["a", "b", "c"]);
    expect((await askParent("GET", "/conflicts?sort=openedAt&after=Patient%2Fa.1")).status).toBe(400);
    expect((await askParent("GET", "/conflicts?sort=element")).status).toBe(400);
  });

  it("give failures sorted, either way and page by page, also when one is gone meanwhile", async () => {
    await using pair = await openPair(dialect);
    const { child, ask } = pair;
    const count = 11;
    for (let n = 1; n <= count; n++) await save(child, aPatient(`bad-${n}`, { gender: "unheard-of" }));
    await ask("POST", "/push", {});
    const names = (query: string) => walk(ask, `/failures?${query}`, "failures", ({ failureId }) => failureId);
    const listed = await names("");

    expect(listed).toEqual(Array.from({ length: count }, (_, n) => `push:${n + 1}`));
    expect(await names("limit=4")).toEqual(listed);
    expect(await names("sort=place&order=desc&limit=4")).toEqual(listed.toReversed());
    for (const sort of ["class", "attempts", "firstFailedAt", "lastFailedAt", "nextAttemptAt"]) {
      const sorted = await names(`sort=${sort}&order=desc`);
      expect(await names(`sort=${sort}&order=desc&limit=2`)).toEqual(sorted);
      expect(sorted.toSorted()).toEqual(listed.toSorted());
    }
    const { body } = await ask("GET", "/failures?limit=2");
    await ask("POST", "/failures/push%3A2/discard", { reason: "entered in error" });
    const rest = await names(`limit=4&after=${encodeURIComponent(String(body["next"]))}`);
    expect(rest).toEqual(listed.slice(2));
    expect((await ask("GET", "/failures?sort=detail")).status).toBe(400);
  });

  it("give the trail from either end, each entry once", async () => {
    await using pair = await openPair(dialect);
    const { askParent } = pair;
    for (const name of ["a", "b", "c"]) await askParent("POST", "/tokens", { name, role: "viewer" });
    const page = async (query: string) => {
      const { body } = await askParent("GET", `/audit?${query}`);
      return body as unknown as { readonly entries: readonly { entryId: number }[]; readonly next: string | null };
    };
    const all = (await page("")).entries.map(({ entryId }) => entryId);

    const walked: number[] = [];
    for (let after = ""; ; ) {
      const { entries, next } = await page(`order=asc&limit=2${after}`);
      walked.push(...entries.map(({ entryId }) => entryId));
      if (next === null) break;
      after = `&after=${next}`;
    }

    expect(all.length).toBeGreaterThan(2);
    expect(walked).toEqual(all.toReversed());
  });

  it("give alerts and what consumers failed on sorted, either way and page by page", async () => {
    await using pair = await openPair(dialect);
    const { parent, askParent } = pair;
    await parent.database.transaction(async (tx) => {
      await tx.run(putAlert, ["clock-offset", "b", "open", "warning"]);
      await tx.run(putAlert, ["child-silent", "c", "open", "critical"]);
      await tx.run(putAlert, ["child-silent", "a", "closed", "warning"]);
      await tx.run(putFailed, ["lab", "e-1", "retrying", 2]);
      await tx.run(putFailed, ["billing", "e-2", "dead", 9]);
      await tx.run(putFailed, ["lab", "e-3", "dead", 0]);
    });
    const alerts = (query: string) => walk(askParent, `/alerts?${query}`, "items", ({ subject }) => subject);
    const failures = (query: string) => walk(askParent, `/feeds/failures?${query}`, "items", ({ eventId }) => eventId);

    for (const limit of [1, 2, 9]) {
      expect(await alerts(`limit=${limit}`)).toEqual(["a", "c", "b"]);
      expect(await alerts(`sort=subject&order=asc&limit=${limit}`)).toEqual(["a", "b", "c"]);
      expect(await alerts(`sort=rule&order=asc&limit=${limit}`)).toEqual(["c", "a", "b"]);
      expect(await alerts(`sort=severity&limit=${limit}`)).toEqual(["a", "b", "c"]);
      expect(await failures(`limit=${limit}`)).toEqual(["e-1", "e-2", "e-3"]);
      expect(await failures(`sort=consumer&limit=${limit}`)).toEqual(["e-2", "e-1", "e-3"]);
      expect(await failures(`sort=consumer&order=desc&limit=${limit}`)).toEqual(["e-3", "e-1", "e-2"]);
      expect(await failures(`sort=retries&limit=${limit}`)).toEqual(["e-3", "e-1", "e-2"]);
      expect(await failures(`sort=state&order=desc&limit=${limit}`)).toEqual(["e-1", "e-3", "e-2"]);
      expect(await failures(`sort=feed&limit=${limit}`)).toEqual(["e-1", "e-2", "e-3"]);
    }
    const misplaced = ["/alerts?sort=rule&after=3", "/alerts?after=x", "/feeds/failures?sort=retries&after=3"];
    for (const path of [...misplaced, "/alerts?sort=value", "/feeds/failures?sort=message"]) {
      expect((await askParent("GET", path)).status).toBe(400);
    }
  });

  it("give catchments and their patients by name, state and the beginning of an id", async () => {
    await using pair = await openPair(dialect);
    const { parent, askParent } = pair;
    await parent.database.transaction(async (tx) => {
      for (const name of ["hills", "lakeside"]) await tx.run(putCatchment, [name]);
      await tx.run(putMember, ["a-1", "member", 30]);
      await tx.run(putMember, ["a-2", "suspended", 20]);
      await tx.run(putMember, ["B-3", "left", 10]);
      await tx.run(putMember, ["b-4", "member", 20]);
    });
    const list = async (path: string, field: string) => {
      const { items, next } = (await askParent("GET", path)).body as unknown as Listed;
      return [items.map((item) => item[field]).join(" "), next];
    };

    expect(await list("/catchments?sort=members&order=desc&limit=1", "name")).toEqual(["lakeside", '[2,"lakeside"]']);
    const behind = encodeURIComponent('[2,"lakeside"]');
    expect(await list(`/catchments?sort=members&order=desc&after=${behind}`, "name")).toEqual(["hills", null]);
    expect(await list("/catchments?q=HIL", "name")).toEqual(["hills", null]);
    const members = "/catchments/lakeside/members";
    expect(await list(members, "patient")).toEqual(["a-1 a-2 b-4", null]);
    expect(await list(`${members}?q=a-&limit=1`, "patient")).toEqual(["a-1", "a-1"]);
    expect(await list(`${members}?q=a-&after=a-1`, "patient")).toEqual(["a-2", null]);
    expect(await list(`${members}?state=left`, "patient")).toEqual(["B-3", null]);
    const walked = (query: string) => walk(askParent, `${members}?${query}`, "items", ({ patient }) => patient);
    for (const limit of [1, 2, 9]) {
      expect(await walked(`order=desc&limit=${limit}`)).toEqual(["b-4", "a-2", "a-1"]);
      expect(await walked(`sort=since&limit=${limit}`)).toEqual(["a-2", "b-4", "a-1"]);
      expect(await walked(`sort=since&order=desc&limit=${limit}`)).toEqual(["a-1", "b-4", "a-2"]);
    }
    expect(await list(`${members}?sort=since&q=a-&limit=1`, "patient")).toEqual(["a-2", '[20,"a-2"]']);
    expect((await askParent("GET", `${members}?sort=since&after=a-2`)).status).toBe(400);
    expect((await askParent("GET", `${members}?sort=reason`)).status).toBe(400);
  });

  it("give the patients that are found sorted by what their records say, however they were found", async () => {
    await using pair = await openPair(dialect);
    const { parent, askParent } = pair;
    await save(
      parent,
      aPatient("otieno", { name: [{ family: "Were", given: ["Amina"] }], birthDate: "1990-05-01", gender: "female" }),
      aPatient("b", { name: [{ family: "Otieno", given: ["Zawadi"] }], birthDate: "1970-01-02", gender: "male" }),
      aPatient("c", { name: [{ family: "Otieno", given: ["brian"] }], gender: "male" }),
      aPatient("d", { name: [{ family: "Mwangi" }], birthDate: "1960-01-01" }),
    );
    const found = (query: string) => walk(askParent, `/records?q=otieno&${query}`, "items", ({ id }) => id);

    expect(await found("")).toEqual(["otieno", "b", "c"]);
    for (const limit of [1, 2, 20]) {
      expect(await found(`sort=name&limit=${limit}`)).toEqual(["otieno", "c", "b"]);
      expect(await found(`sort=name&order=desc&limit=${limit}`)).toEqual(["b", "c", "otieno"]);
      expect(await found(`sort=birthDate&limit=${limit}`)).toEqual(["b", "otieno", "c"]);
      expect(await found(`sort=birthDate&order=desc&limit=${limit}`)).toEqual(["otieno", "b", "c"]);
      expect(await found(`sort=id&order=desc&limit=${limit}`)).toEqual(["otieno", "c", "b"]);
    }
    expect((await askParent("GET", "/records?q=otieno&sort=name")).body).toMatchObject({ isCut: false, total: 3 });
    expect((await askParent("GET", "/records?q=Patient/d")).body).toMatchObject({ items: [{ id: "d" }], isCut: false });
    expect((await askParent("GET", "/records?q=otieno&sort=body")).status).toBe(400);
  });
});
