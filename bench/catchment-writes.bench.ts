import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@tributary/database";
import { EventBus, Outbox } from "@tributary/events";
import { type JsonObject, ResourceStore, resourceSaved, toStoredResource, toStoredText } from "@tributary/fhir";
import { systemClock as clock, type NodeId, systemRandom as random } from "@tributary/kernel";
import { migrateNode } from "@tributary/runtime";
import { Memberships, setCatchmentRule } from "@tributary/sync";
import type { BenchRow, Scenario } from "./scenario.ts";

const nodeId = "bench" as NodeId;
const patients = 200;
/** Records of one transaction: an encounter with its observations. */
const perWrite = 10;
const district = "Location/district";

/** What it costs a write to decide who is in which catchment. */
export const scenarios: readonly Scenario[] = [
  {
    name: "catchment-writes",
    question: "How much longer does a write take because of catchments, with none of them and with three?",
    async run(report, { quick }) {
      const rounds = quick ? 5 : 15;
      const writes = quick ? 100 : 400;
      await compare("no catchment", {}, rounds, writes, report);
      await compare("three catchments", rules, rounds, writes, report);
    },
  },
];

const rules: Readonly<Record<string, JsonObject>> = {
  east: { location: { address: "Kenya%*%*%Kisumu" } },
  wards: { location: { within: [district], by: ["encounter"] } },
  tagged: { any: [{ identifier: { value: "KE-*" } }, { list: ["p1"] }] },
};

/** Writes with and without memberships in turn, so that the machine's moods fall on both. */
async function compare(
  name: string,
  given: Readonly<Record<string, JsonObject>>,
  rounds: number,
  writes: number,
  report: (row: BenchRow) => void,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const without = await openWriter(stack, join(folder, "without.db"), undefined);
  const within = await openWriter(stack, join(folder, "with.db"), given);
  const times: Record<"without" | "within", number[]> = { without: [], within: [] };
  for (let round = 0; round < rounds; round++) {
    times.without.push(await timeOf(without, round, writes));
    times.within.push(await timeOf(within, round, writes));
  }
  const [baseline, value] = [median(times.without), median(times.within)].map((ms) => (ms * 1000) / writes);
  report({
    measure: `Write of ${perWrite} records, ${name}`,
    value: value!,
    unit: "µs",
    baseline: baseline!,
    ratio: value! / baseline!,
    note: "aim: at most 1.15; baseline: the same without memberships",
  });
}

type Write = (resources: readonly JsonObject[]) => Promise<void>;

async function openWriter(
  stack: AsyncDisposableStack,
  address: string,
  given: Readonly<Record<string, JsonObject>> | undefined,
): Promise<Write> {
  const database = stack.use(await openDatabase({ address }));
  await migrateNode(database);
  const bus = new EventBus();
  const outbox = new Outbox({ clock, random });
  const store = new ResourceStore({ nodeId, bus, clock });
  const memberships = given && new Memberships({ store, outbox, nodeId, clock });
  memberships?.listen(bus);
  bus.on(
    resourceSaved.any,
    "within-transaction",
    outbox.listener((event, tx) => ({
      eventType: "resource.saved",
      category: event.key.type,
      title: event.key.type,
      content: `/fhir/${event.key.type}/${event.key.id}`,
      orderKey: `Patient/${event.patient}`,
      streams: memberships?.streamsOf(tx, event) ?? ["everything"],
      entity: event.key,
      version: event.version,
      operation: event.operation,
      bodyHash: event.bodyHash,
      originNode: event.originNode,
    })),
  );
  const write: Write = (resources) =>
    database.transaction(async (tx) => void (await store.write(tx, resources.map(saving))));
  for (const [name, rule] of Object.entries(given ?? {})) {
    await database.transaction((tx) =>
      setCatchmentRule(tx, { name, rule, author: "bench", reason: null }, { memberships: memberships!, nodeId, clock }),
    );
  }
  await write([{ resourceType: "Location", id: "ward", partOf: { reference: district } }]);
  await write(Array.from({ length: patients }, (_, n) => aPatient(n)));
  return write;
}

async function timeOf(write: Write, round: number, writes: number): Promise<number> {
  const bodies = Array.from({ length: writes }, (_, n) => aVisit(`${round}-${n}`, n % patients));
  const startedAt = performance.now();
  for (const visit of bodies) await write(visit);
  return performance.now() - startedAt;
}

function aPatient(n: number): JsonObject {
  return {
    resourceType: "Patient",
    id: `p${n}`,
    identifier: [{ system: "urn:national", value: `${n % 3 === 0 ? "KE" : "UG"}-${n}` }],
    address: [{ country: "Kenya", city: n % 2 === 0 ? "Kisumu" : "Nairobi" }],
  };
}

function aVisit(name: string, n: number): JsonObject[] {
  const subject = { reference: `Patient/p${n}` };
  const encounter = {
    resourceType: "Encounter",
    id: `e-${name}`,
    status: "finished",
    class: { code: "AMB" },
    subject,
    location: [{ location: { reference: "Location/ward" } }],
  };
  const observations = Array.from({ length: perWrite - 1 }, (_, at) => ({
    resourceType: "Observation",
    id: `o-${name}-${at}`,
    status: "final",
    code: { coding: [{ system: "http://loinc.org", code: "8867-4" }], text: "Heart rate" },
    subject,
    encounter: { reference: `Encounter/e-${name}` },
    valueQuantity: { value: 60 + at, unit: "/min" },
  }));
  return [encounter, ...observations];
}

function saving(resource: JsonObject) {
  const key = { type: String(resource["resourceType"]), id: String(resource["id"]) };
  const body = toStoredText(JSON.stringify(resource), resource, key.id);
  return { kind: "save", key, body, resource: toStoredResource(structuredClone(resource), key.id) } as const;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}
