import { auditMigrations } from "@tributary/audit";
import { type Database, migrate } from "@tributary/database";
import { EventBus, eventsMigrations, moveQueuedEvents, Outbox } from "@tributary/events";
import {
  fhirMigrations,
  type ResourceDeleted,
  type ResourceSaved,
  ResourceStore,
  resourceDeleted,
  resourceSaved,
} from "@tributary/fhir";
import { deleting, saving } from "@tributary/fhir/testing";
import {
  type Clock,
  type NodeId,
  type Random,
  seededRandom,
  silentLogger,
  systemClock,
  systemRandom,
} from "@tributary/kernel";
import { exchangeOver } from "../src/carry/exchange-over.ts";
import { Memberships } from "../src/catchment/memberships.ts";
import { announceConflicts } from "../src/conflict/announce-conflicts.ts";
import { enrolWithParent } from "../src/enrolment/enrol-with-parent.ts";
import { issueEnrolmentCode } from "../src/enrolment/enrolment-code.ts";
import type { Exchange } from "../src/line/exchange.ts";
import { syncMigrations } from "../src/migrations.ts";
import { createSyncServer, type SyncServerOptions } from "../src/sync-server.ts";
import { Synchronizer } from "../src/synchronizer.ts";
import type { SynchronizerOptions } from "../src/synchronizer-options.ts";

/** A node without a program around it: what the engine needs, over a database of its own. */
export interface NodeForTests {
  readonly id: NodeId;
  readonly database: Database;
  readonly store: ResourceStore;
  readonly memberships: Memberships;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: Random;
  /** The line on which this node answers its children. */
  readonly answer: Exchange;
  /** Saves resources in one transaction and gives their events their positions. */
  save(...resources: Parameters<typeof saving>[0][]): Promise<void>;
  remove(type: string, id: string): Promise<void>;
  /** The stored text of every record that is not deleted, by `Type/id`. */
  bodies(): Promise<Record<string, string>>;
}

/** Opens a node over an empty database, with all migrations, its bus joined to its outbox. */
export async function openNodeForTests(
  database: Database,
  id: string,
  clock: Clock = systemClock,
  server: (database: Database) => Partial<SyncServerOptions> = () => ({}),
): Promise<NodeForTests> {
  await migrate(database, [...eventsMigrations, ...auditMigrations, ...fhirMigrations, ...syncMigrations]);
  const nodeId = id as NodeId;
  const bus = new EventBus();
  const outbox = new Outbox({ clock, random: seededRandom(7) });
  const store = new ResourceStore({ nodeId, bus, clock });
  const memberships = new Memberships({ store, outbox, nodeId, clock });
  memberships.listen(bus);
  bus.on(
    resourceSaved.any,
    "within-transaction",
    outbox.listener((event, tx) => ({
      ...draftOf(event, memberships.streamsOf(tx, event)),
      operation: event.operation,
      bodyHash: event.bodyHash,
    })),
  );
  bus.on(
    resourceDeleted,
    "within-transaction",
    outbox.listener((event, tx) => ({ ...draftOf(event, memberships.streamsOf(tx, event)), operation: "delete" })),
  );
  announceConflicts(bus, outbox);
  const { routes } = createSyncServer({
    database,
    store,
    nodeId,
    clock,
    random: systemRandom,
    ...server(database),
  });
  return {
    id: nodeId,
    database,
    store,
    memberships,
    outbox,
    clock,
    random: systemRandom,
    answer: exchangeOver(routes),
    async save(...resources) {
      await database.transaction((tx) =>
        store.write(
          tx,
          resources.map((resource) => saving(resource)),
        ),
      );
      await moveAll(database);
    },
    async remove(type, key) {
      await database.transaction((tx) => store.write(tx, [deleting(type, key)]));
      await moveAll(database);
    },
    async bodies() {
      const newestFirst = await store.history(database, { since: 0, limit: 100_000 });
      const current = new Map<string, string | undefined>();
      for (const { stored } of newestFirst) {
        const name = `${stored.key.type}/${stored.key.id}`;
        if (!current.has(name)) current.set(name, stored.body);
      }
      return Object.fromEntries(
        [...current].filter((entry): entry is [string, string] => entry[1] !== undefined).sort(),
      );
    },
  };
}

/** Makes one node another one's child, over any line. */
export async function enrol(
  child: NodeForTests,
  parent: NodeForTests,
  exchange: Exchange = parent.answer,
  catchment?: string,
): Promise<void> {
  const { code } = await issueEnrolmentCode(parent.database, {
    node: child.id,
    ...(catchment === undefined ? {} : { catchment }),
    clock: parent.clock,
    random: systemRandom,
  });
  const { database, id: nodeId, clock } = child;
  await enrolWithParent({ database, nodeId, clock, exchange, code, parentUrl: "http://parent.test" });
}

/** A child's engine over a line that the test owns. */
export function synchronizerOf(
  child: NodeForTests,
  exchange: Exchange,
  more: Partial<SynchronizerOptions> = {},
): Synchronizer {
  const { database, store, id: nodeId, clock } = child;
  return new Synchronizer({
    database,
    store,
    nodeId,
    clock,
    exchange,
    random: seededRandom(3),
    logger: silentLogger,
    everyMs: 1_000,
    ...more,
  });
}

function draftOf(event: ResourceSaved | ResourceDeleted, streams: () => readonly string[]) {
  const { key, version, originNode, originOperation } = event;
  return {
    eventType: "resource.saved",
    category: key.type,
    title: key.type,
    content: `/fhir/${key.type}/${key.id}`,
    orderKey: event.patient === null ? `${key.type}/${key.id}` : `Patient/${event.patient}`,
    streams,
    entity: key,
    version,
    originNode,
    ...(originOperation === null ? {} : { originOperation }),
    ...(event.changeSet === undefined ? {} : { changeSet: event.changeSet }),
  };
}

/** Gives all committed events their positions, as a running node does by itself. */
export async function moveAll(database: Database): Promise<void> {
  while ((await moveQueuedEvents(database)) > 0);
}
