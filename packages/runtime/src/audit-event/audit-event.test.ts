import {
  type AuditDraft,
  appendAudit,
  auditMigrations,
  chainStart,
  readOwnSegment,
  sealAuditEntries,
  takeSegment,
} from "@tributary/audit";
import { type Database, migrate } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { EventBus } from "@tributary/events";
import { createFhirApi, type FhirApi, fhirMigrations, ResourceStore, validateResource } from "@tributary/fhir";
import { type NodeId, systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { auditEventType } from "./audit-event-type.ts";

const day = 86_400_000;

const anEntry = (told: Partial<AuditDraft> = {}): AuditDraft => ({
  at: day,
  actor: "nurse",
  operation: "local-write",
  reference: "Patient/p1",
  versionBefore: null,
  versionAfter: 1,
  link: null,
  operationId: "op-1",
  outcome: "applied",
  error: null,
  ...told,
});

describeOnEachDatabase("the audit trail as AuditEvents", (open) => {
  async function openApi(stack: AsyncDisposableStack, node: string, ...drafts: AuditDraft[]) {
    const database = stack.use(await open());
    await migrate(database, [...auditMigrations, ...fhirMigrations]);
    const store = new ResourceStore({ nodeId: node as NodeId, bus: new EventBus(), clock: systemClock });
    const virtualTypes = { AuditEvent: auditEventType(node as NodeId) };
    await write(database, node, ...drafts);
    return { database, api: createFhirApi({ database, store, virtualTypes }) };
  }

  async function write(database: Database, node: string, ...drafts: AuditDraft[]): Promise<void> {
    await database.transaction((tx) => appendAudit(tx, node, drafts));
    await sealAuditEntries(database);
  }

  async function tell(from: Database, to: Database): Promise<void> {
    const told = await readOwnSegment(from, chainStart, { chain: undefined, limit: 100 });
    if (told.kind !== "segment") throw new Error("there is nothing to tell");
    await to.transaction((tx) => takeSegment(tx, told.segment, { via: "clinic", now: 1 }));
  }

  async function ask(api: FhirApi, method: string, path: string, body?: object) {
    const [address = "", query = ""] = path.split("?");
    const url = new URL(`http://a.example/fhir/${address}${query ? `?${query}` : ""}`);
    const headers = { "content-type": "application/fhir+json" };
    const answer = await api.handle({
      method,
      url,
      headers,
      parameters: { path: address },
      body: body ? JSON.stringify(body) : "",
      signal: new AbortController().signal,
    });
    return { ...answer, json: answer.body ? JSON.parse(String(answer.body)) : undefined };
  }

  type Bundle = { total?: number; link: { relation: string; url: string }[]; entry?: { resource: AuditEvent }[] };
  type AuditEvent = { id: string; recorded: string; outcomeDesc: string; source: { site: string } };

  const found = async (api: FhirApi, query: string) =>
    ((await ask(api, "GET", `AuditEvent?${query}`)).json as Bundle).entry?.map(({ resource }) => resource) ?? [];

  it("[S72] are valid, and tell who did what to which versions, how it ended and under which operation", async () => {
    await using stack = new AsyncDisposableStack();
    const merged = { operation: "merge", actor: "clinic", link: "clinic", outcome: "merged" } as const;
    const { api } = await openApi(
      stack,
      "centre",
      anEntry({ versionBefore: 1, versionAfter: 2 }),
      anEntry({ ...merged, versionBefore: 2, versionAfter: 3 }),
      anEntry({ operation: "failed-attempt", reference: "Observation/o", versionAfter: null, outcome: "rejected" }),
      anEntry({ operation: "enrol", reference: null, versionAfter: null, actor: "clinic", link: "clinic" }),
      anEntry({ outcome: "deleted", versionBefore: 3, versionAfter: 4, operationId: null }),
      anEntry({ operation: "failed-attempt", reference: null, versionAfter: null, outcome: "rejected", error: "X" }),
    );

    const events = (await found(api, "")).toReversed();

    for (const event of events) expect(validateResource(event, { expectedType: "AuditEvent" })).toEqual([]);
    expect(events.map((event) => event as unknown as Record<string, unknown>)).toMatchObject([
      {
        action: "U",
        outcome: "0",
        recorded: "1970-01-02T00:00:00.000Z",
        subtype: [{ code: "update" }, { code: "local-write" }],
        agent: [
          { name: "nurse", requestor: true },
          { name: "centre", requestor: false },
        ],
        source: { site: "centre" },
        entity: [
          { what: { reference: "Patient/p1/_history/2" } },
          { what: { reference: "Patient/p1/_history/1" }, description: "before" },
        ],
      },
      { action: "U", outcomeDesc: "merged", agent: [{ name: "clinic" }, { name: "centre" }] },
      { action: "E", outcome: "8", entity: [{ what: { reference: "Observation/o" } }] },
      { action: "E", outcome: "0", type: { code: "110100" }, entity: [{ name: "enrol" }] },
      { action: "D", subtype: [{ code: "delete" }, { code: "local-write" }] },
      { outcome: "12", outcomeDesc: "rejected: X" },
    ]);
  });

  it("[S72] have the same id at every node that has the entry", async () => {
    await using stack = new AsyncDisposableStack();
    const clinic = await openApi(stack, "clinic", anEntry(), anEntry({ versionBefore: 1, versionAfter: 2 }));
    const centre = await openApi(stack, "centre", anEntry({ at: 5 * day }));
    await tell(clinic.database, centre.database);

    const there = await found(clinic.api, "");
    const here = await found(centre.api, "site=clinic");
    const read = await ask(centre.api, "GET", `AuditEvent/${there[0]?.id}`);

    expect(here.map(({ id }) => id)).toEqual(there.map(({ id }) => id));
    expect(read).toMatchObject({ status: 200, headers: { etag: 'W/"1"' }, json: { source: { site: "clinic" } } });
    expect(read.json.entity[0].what).toEqual({ reference: "Patient/p1" });
    expect((await ask(centre.api, "GET", `AuditEvent/${there[0]?.id}/_history/1`)).status).toBe(200);
    for (const id of ["1-aaaa", `9-${"a".repeat(32)}`, "nothing"]) {
      expect((await ask(centre.api, "GET", `AuditEvent/${id}`)).status).toBe(404);
    }
  });

  it("are found by every parameter, several values and several parameters together", async () => {
    await using stack = new AsyncDisposableStack();
    const { api, database } = await openApi(
      stack,
      "centre",
      anEntry({ at: 1 * day }),
      anEntry({ at: 2 * day, actor: "clerk", reference: "Observation/o1", versionBefore: 1, versionAfter: 2 }),
      anEntry({ at: 3 * day, operation: "failed-attempt", versionAfter: null, outcome: "parked" }),
      anEntry({ at: 4 * day, operation: "enrol", reference: null, versionAfter: null, actor: "ward", link: "ward" }),
    );
    const clinic = await openApi(stack, "clinic", anEntry({ at: 5 * day, actor: "midwife" }));
    await tell(clinic.database, database);
    const days = async (query: string) =>
      (await found(api, query)).map(({ recorded }) => Date.parse(recorded) / day).toReversed();
    const [first] = (await found(api, "date=1970-01-02")).map(({ id }) => id);

    const answers: Record<string, number[]> = {};
    for (const query of [
      "",
      "date=1970-01-03",
      "date=ge1970-01-04",
      "date=gt1970-01-02&date=lt1970-01-04",
      "date=ne1970-01-02",
      "agent=clerk",
      "agent:identifier=urn:tributary:user|clerk",
      "agent=clinic",
      "agent-name=midwife,clerk",
      "entity=Observation/o1",
      "entity=http://a.example/fhir/Patient/p1/_history/1",
      "patient=p1&action=C",
      "action=U,E",
      "outcome=4",
      "outcome=0",
      "type=110100",
      "type=http://terminology.hl7.org/CodeSystem/audit-event-type|rest&site=centre",
      "subtype=enrol",
      "subtype=http://hl7.org/fhir/restful-interaction|create",
      "source=clinic,nobody",
      "action=C&action=U",
      `_id=${first},unknown`,
      `_id=${first}&agent=clerk`,
    ]) {
      answers[query === `_id=${first},unknown` ? "_id" : query] = await days(query.replaceAll("|", "%7C"));
    }

    expect(answers).toEqual({
      "": [1, 2, 3, 4, 5],
      "date=1970-01-03": [2],
      "date=ge1970-01-04": [3, 4, 5],
      "date=gt1970-01-02&date=lt1970-01-04": [2],
      "date=ne1970-01-02": [2, 3, 4, 5],
      "agent=clerk": [2],
      "agent:identifier=urn:tributary:user|clerk": [2],
      "agent=clinic": [5],
      "agent-name=midwife,clerk": [2, 5],
      "entity=Observation/o1": [2],
      "entity=http://a.example/fhir/Patient/p1/_history/1": [1, 3, 5],
      "patient=p1&action=C": [1, 5],
      "action=U,E": [2, 3, 4],
      "outcome=4": [3],
      "outcome=0": [1, 2, 4, 5],
      "type=110100": [4],
      "type=http://terminology.hl7.org/CodeSystem/audit-event-type|rest&site=centre": [1, 2, 3],
      "subtype=enrol": [4],
      "subtype=http://hl7.org/fhir/restful-interaction|create": [1, 5],
      "source=clinic,nobody": [5],
      "action=C&action=U": [],
      _id: [1],
      [`_id=${first}&agent=clerk`]: [],
    });
    expect((await ask(api, "POST", "AuditEvent/_search?agent=clerk")).json.entry).toHaveLength(1);
    expect((await ask(api, "GET", "AuditEvent?date=yesterday")).status).toBe(400);
    expect((await ask(api, "GET", "AuditEvent?entity=o1")).status).toBe(400);
  });

  it("come in pages that follow each other, with a total for whoever asks", async () => {
    await using stack = new AsyncDisposableStack();
    const { api } = await openApi(stack, "centre", ...[1, 2, 3, 4, 5].map((n) => anEntry({ at: n * day })));
    const pages: Bundle[] = [];
    let path = "AuditEvent?agent-name=nurse,clerk&_count=2&_total=accurate";

    while (path !== "") {
      const page = (await ask(api, "GET", path)).json as Bundle;
      pages.push(page);
      path = page.link.find(({ relation }) => relation === "next")?.url.replace("http://a.example/fhir/", "") ?? "";
    }

    const days = pages.map(({ entry = [] }) => entry.map(({ resource }) => Date.parse(resource.recorded) / day));
    expect(days).toEqual([[5, 4], [3, 2], [1]]);
    expect(pages.map(({ total }) => total)).toEqual([5, 5, 5]);
    expect((await ask(api, "GET", "AuditEvent?_summary=count")).json).toMatchObject({ total: 5 });
    expect((await ask(api, "GET", "AuditEvent?_page=x")).status).toBe(400);
  });

  it("[S72] cannot be written by anybody, and the refusal says what to do", async () => {
    await using stack = new AsyncDisposableStack();
    const { api } = await openApi(stack, "centre", anEntry());
    const [event] = await found(api, "");
    const request = { method: "PUT", url: `AuditEvent/${event!.id}` };
    const bundle = (type: string) => ({ resourceType: "Bundle", type, entry: [{ resource: event, request }] });

    const answers = [
      await ask(api, "POST", "AuditEvent", event),
      await ask(api, "PUT", `AuditEvent/${event!.id}`, event),
      await ask(api, "PATCH", `AuditEvent/${event!.id}`, {}),
      await ask(api, "DELETE", `AuditEvent/${event!.id}`),
      await ask(api, "DELETE", "AuditEvent?agent=nurse"),
      await ask(api, "POST", "", bundle("transaction")),
    ];
    const batch = await ask(api, "POST", "", bundle("batch"));

    expect(answers.map(({ status }) => status)).toEqual([405, 405, 405, 405, 405, 405]);
    expect(answers[0]?.json.issue[0].diagnostics).toContain("Provenance");
    expect(batch.json.entry[0].response.status).toMatch(/^405/);
    expect(await found(api, "")).toHaveLength(1);
  });

  it("stand in the CapabilityStatement as what can be read and searched", async () => {
    await using stack = new AsyncDisposableStack();
    const { api } = await openApi(stack, "centre");

    const { json } = await ask(api, "GET", "metadata");

    expect(validateResource(json, { expectedType: "CapabilityStatement" })).toEqual([]);
    const type = json.rest[0].resource.find((one: { type: string }) => one.type === "AuditEvent");
    expect(type.interaction.map(({ code }: { code: string }) => code)).toEqual(["read", "vread", "search-type"]);
    expect(type.searchParam.map(({ name }: { name: string }) => name)).toContain("agent-name");
  });
});
