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
/** Rounds that are not counted: the compiler is still at work in them. */
const warmUpRounds = 2;

/** What it costs a write to decide who is in which catchment. */
export const scenarios: readonly Scenario[] = [
  {
    name: "catchment-writes",
    question: "How much longer does a write take because of catchments, with none of them, with one and with three?",
    async run(report, { quick }) {
      const rounds = warmUpRounds + (quick ? 3 : 20);
      const writes = quick ? 100 : 200;
      await compare("no catchment", {}, rounds, writes, report);
      await compare("one catchment by address", { east: rules["east"]! }, rounds, writes, report);
      await compare("three catchments", rules, rounds, writes, report);
    },
  },
];

const rules: Readonly<Record<string, JsonObject>> = {
  east: { location: { address: "Kenya%*%*%Kisumu" } },
  wards: { location: { within: [district], by: ["encounter"] } },
  tagged: { any: [{ identifier: { value: "KE-*" } }, { list: ["p1"] }] },
};

/**
 * Writes with and without memberships in turn, each first every other time, so that the machine's moods fall on both; what
 * is told is processor time, which neither the disk nor other programs change much, and the median of the pairs' ratios.
 */
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
  const writers = [
    await openWriter(stack, join(folder, "without.db"), undefined),
    await openWriter(stack, join(folder, "with.db"), given),
  ];
  const pairs: (readonly [without: Cost, within: Cost])[] = [];
  for (let round = 0; round < rounds; round++) {
    const costs: Cost[] = [];
    for (const at of round % 2 === 0 ? [0, 1] : [1, 0]) costs[at] = await costOf(writers[at]!, round, writes);
    if (round >= warmUpRounds) pairs.push([costs[0]!, costs[1]!]);
  }
  for (const [measure, unit] of [
    ["processor", "µs of processor"],
    ["wall", "µs"],
  ] as const) {
    report({
      measure: `Write of ${perWrite} records, ${name}`,
      value: median(pairs.map(([, within]) => within[measure])),
      unit,
      baseline: median(pairs.map(([without]) => without[measure])),
      ratio: median(pairs.map(([without, within]) => within[measure] / without[measure])),
      note: "aim: at most 1.15; baseline: the same without memberships",
    });
  }
}

/** What one write cost, in microseconds. */
interface Cost {
  readonly processor: number;
  readonly wall: number;
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

async function costOf(write: Write, round: number, writes: number): Promise<Cost> {
  const bodies = Array.from({ length: writes }, (_, n) => aVisit(`${round}-${n}`, n % patients));
  const before = process.cpuUsage();
  const startedAt = performance.now();
  for (const visit of bodies) await write(visit);
  const wall = ((performance.now() - startedAt) * 1000) / writes;
  const { user, system } = process.cpuUsage(before);
  return { processor: (user + system) / writes, wall };
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
