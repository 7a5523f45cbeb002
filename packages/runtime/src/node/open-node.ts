import { join } from "node:path";
import type { Database } from "@tributary/database";
import { EventBus, Outbox, openSequencer } from "@tributary/events";
import { createFeedServer, type FeedIdentity, type FeedServer } from "@tributary/feed";
import { createFhirApi, type FhirApi, type FhirApiOptions, ResourceStore } from "@tributary/fhir";
import {
  type Clock,
  type HttpRequest,
  type Logger,
  type NodeId,
  type Random,
  silentLogger,
  systemClock,
  systemRandom,
} from "@tributary/kernel";
import {
  type AfterExit,
  announceConflicts,
  BulkExports,
  createSyncServer,
  type Exchange,
  Memberships,
  openHttpExchange,
  openParkedRelease,
  openSnapshotShelf,
  refuseForeignWrites,
  runCatchmentPasses,
  SnapshotLibrary,
  Synchronizer,
  type SynchronizerOptions,
  type SyncRoute,
} from "@tributary/sync";
import { Mailer } from "../alerts/mailer.ts";
import { watchNode } from "../alerts/watch-node.ts";
import { auditEventType } from "../audit-event/audit-event-type.ts";
import type { NodeConfig } from "../config/config-schema.ts";
import { readOwnReport } from "../network/read-own-report.ts";
import { ReportTeller } from "../network/report-teller.ts";
import { takingReports } from "../network/take-reports.ts";
import { openIdSettingsOf } from "../openid/openid-settings.ts";
import { OpenIdSignIn } from "../openid/openid-sign-in.ts";
import { SettingsInForce } from "../settings/settings-in-force.ts";
import { takeUpSettings } from "../settings/take-up-settings.ts";
import { countingExchange, countingRoutes, countRecords } from "../traffic/count-lines.ts";
import { TrafficCounter } from "../traffic/traffic-counter.ts";
import { announceResources } from "./announce-resources.ts";
import { auditLocalWrites } from "./audit-local-writes.ts";
import { catchmentStrategiesOf } from "./catchment-strategies.ts";
import { installationOf } from "./installation.ts";
import { noteConfiguration } from "./note-configuration.ts";
import { type NodeSurroundings, openNodeDatabase } from "./open-node-database.ts";
import { programVersion } from "./program-version.ts";
import { sealAuditTrail } from "./seal-audit-trail.ts";

/** How the node names itself to clients of its FHIR API. */
const software = { name: "Tributary", version: programVersion };

/** See https://hl7.org/fhir/uv/bulkdata/ */
const bulkExportOperation = {
  type: "Group",
  name: "export",
  definition: "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export",
  guide: "http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data",
};

const millisecondsPerHour = 3_600_000;

type OnWritten = NonNullable<FhirApiOptions["onWritten"]>;

/** What may be told about each round. */
export type SyncListeners = Pick<SynchronizerOptions, "onProgress" | "onSnapshotProgress" | "onReport">;

/**
 * A node, assembled and open. Its parts answer and write at once; what runs by itself (sequencer, pulls) begins with
 * `startWorkers`. Disposing of it lets running work end and closes the database.
 */
export interface Node extends AsyncDisposable {
  readonly id: NodeId;
  /** As the file says it; `settings` tells what is in force. */
  readonly config: NodeConfig;
  /** What is set while the node runs, over the configuration. */
  readonly settings: SettingsInForce;
  readonly database: Database;
  readonly bus: EventBus;
  readonly outbox: Outbox;
  readonly store: ResourceStore;
  readonly memberships: Memberships;
  readonly fhir: FhirApi;
  readonly feed: FeedServer;
  /** The snapshots from which this node's children begin. */
  readonly snapshots: SnapshotLibrary;
  /** What clients have asked for as bulk data; a child has none to give. */
  readonly bulkExports: BulkExports | undefined;
  /** What goes over this node's lines, since it was opened and by the quarter of an hour. */
  readonly traffic: TrafficCounter;
  /** Lets users in over the site's OpenID provider; `undefined` at a site without one. */
  readonly openid: OpenIdSignIn | undefined;
  /** Tells the parent how this node does, and knows whether it is comparing its records. */
  readonly report: ReportTeller;
  /** What a parent offers to its children; empty at a node that has none. */
  readonly syncRoutes: readonly SyncRoute[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The last lines of the log, as they were written; none where nobody keeps them. */
  readonly logLines: () => readonly string[];
  /** Makes the part that pushes to the parent and pulls from it; it is the caller's to dispose of. */
  openSynchronizer(listeners?: SyncListeners): Promise<Synchronizer>;
  /** The node's own synchronizer, the one that its workers use; `undefined` at a parent. It ends with the node. */
  synchronizer(): Promise<Synchronizer | undefined>;
  /** Begins to move events, to seal the audit trail and, at a child, to pull at intervals. */
  startWorkers(): Promise<void>;
}

/**
 * Opens a node by its configuration: database, schema, bus and outbox, store, FHIR API, feeds, and its side of the
 * synchronization. This is the only place where the parts are chosen and wired.
 *
 * Throws `CONFIG_INVALID`, `DATABASE_UNAVAILABLE` or `DATABASE_NEWER`, and leaves nothing open then.
 */
export async function openNode(config: NodeConfig, surroundings: NodeSurroundings = {}): Promise<Node> {
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = surroundings;
  const id = config.node.id as NodeId;
  const strategies = await catchmentStrategiesOf(config, surroundings.catchmentStrategies);
  const openIdSettings = await openIdSettingsOf(config);
  const database = await openNodeDatabase(config, surroundings);
  const settings = await settingsAt(database, config, surroundings);
  const bus = new EventBus();
  const outbox = new Outbox({ clock, random });
  const store = new ResourceStore({ nodeId: id, bus, clock });
  const memberships = new Memberships({ store, outbox, nodeId: id, clock, strategies });
  memberships.listen(bus);
  announceResources(bus, outbox, config.feed.categories, memberships);
  announceConflicts(bus, outbox);
  const shelf = openSnapshotShelf(config.snapshots.folder);
  const snapshots = new SnapshotLibrary({ database, shelf, clock, logger });
  const bulkExports =
    config.node.role === "child"
      ? undefined
      : new BulkExports({
          database,
          store,
          nodeId: id,
          clock,
          random,
          logger,
          folder: join(config.snapshots.folder, "exports"),
        });
  const traffic = new TrafficCounter(clock);
  countRecords(bus, traffic, id);
  const parentSide = { database, store, nodeId: id, clock, random, policies: () => settings.policies };
  const report = new ReportTeller({
    clock,
    read: () => readOwnReport(database, { node: id, version: programVersion }),
  });
  const running = new AsyncDisposableStack();

  async function openExchange(): Promise<Exchange> {
    return surroundings.exchange ?? running.use(await openHttpExchange());
  }

  let webhookLine: Promise<Exchange> | undefined;
  function webhookExchange(): Promise<Exchange> {
    webhookLine ??= openExchange();
    return webhookLine;
  }

  async function openSynchronizer(listeners: SyncListeners = {}): Promise<Synchronizer> {
    const exchange = report.over(countingExchange(await openExchange(), traffic));
    return new Synchronizer({
      instance: await installationOf(config.database, database),
      database,
      store,
      nodeId: id,
      exchange,
      clock,
      random,
      logger,
      policies: () => settings.policies,
      programVersion,
      memberships,
      afterExit: afterExitOf(config),
      snapshotAbovePatients: config.snapshots.abovePatients,
      shelf: {
        async forgetPatients(patients) {
          await shelf.forgetPatients(patients);
          await bulkExports?.forgetAll();
        },
      },
      ...settings.control,
      ...listeners,
    });
  }

  let own: Promise<Synchronizer> | undefined;
  async function synchronizer(): Promise<Synchronizer | undefined> {
    if (config.node.role === "parent") return undefined;
    own ??= openSynchronizer().then((opened) => running.use(opened));
    return own;
  }
  settings.onChanged((steering) => void own?.then((opened) => opened.steer(steering)).catch(() => {}));

  async function startWorkers(): Promise<void> {
    await noteConfiguration(database, config, clock);
    running.use(takeUpSettings(settings, { clock, random, logger }));
    const sequencer = running.use(openSequencer({ database, clock, random, logger }));
    running.use(outbox.onAppended(() => sequencer.wake()));
    running.use(
      sealAuditTrail({ database, clock, random, logger, threadUse: () => performance.eventLoopUtilization() }),
    );
    if (config.node.role !== "child") running.use(runCatchmentPasses({ database, memberships, clock, random, logger }));
    if (config.node.role !== "child") running.use(openParkedRelease({ ...parentSide, bus, logger }));
    if (bulkExports) running.use(bulkExports.run());
    const { url, from } = config.alerts.mail;
    const mailer = url === undefined ? {} : { mailer: running.use(new Mailer({ url, from })) };
    running.use(watchNode({ database, config, traffic, exchange: webhookExchange, ...mailer, clock, random, logger }));
    (await synchronizer())?.start();
  }

  return {
    id,
    config,
    settings,
    database,
    bus,
    outbox,
    store,
    memberships,
    clock,
    random,
    logger,
    logLines: () => surroundings.logTail?.lines ?? [],
    snapshots,
    bulkExports,
    traffic,
    report,
    openid:
      openIdSettings && new OpenIdSignIn({ settings: openIdSettings, database, nodeId: id, clock, random, logger }),
    fhir: createFhirApi({
      database,
      store,
      clock,
      random,
      logger,
      software,
      authorOf,
      onWritten: refusingForeignWrites(config, auditLocalWrites(id)),
      virtualTypes: { AuditEvent: auditEventType(id) },
      operations: bulkExports ? [bulkExportOperation] : [],
    }),
    feed: createFeedServer({ database, clock, logger, identity: feedIdentity(config) }),
    syncRoutes:
      config.node.role === "child"
        ? []
        : takingReports(
            countingRoutes(createSyncServer({ ...parentSide, snapshots, programVersion }).routes, traffic),
            { database, clock, logger },
          ),
    openSynchronizer,
    synchronizer,
    startWorkers,
    async [Symbol.asyncDispose]() {
      await running.disposeAsync();
      await traffic
        .flush(database)
        .catch((err: unknown) => logger.warn({ err: err as Error }, "Traffic was not kept."));
      await database.close();
    },
  };
}

/** The header in which the program tells who calls; it takes the client's own away. */
export const callerHeader = "tributary-caller";

function authorOf({ headers }: HttpRequest): string | undefined {
  return headers[callerHeader];
}

async function settingsAt(
  database: Database,
  config: NodeConfig,
  { policies, withoutUnusableSettings }: NodeSurroundings,
): Promise<SettingsInForce> {
  try {
    return await SettingsInForce.open({ database, config, policies, withoutUnusable: withoutUnusableSettings });
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** At a node that has a parent, what is not its own to write is refused before it is audited. */
function refusingForeignWrites(config: NodeConfig, next: OnWritten): OnWritten {
  if (config.node.role === "parent") return next;
  return async (tx, versions) => {
    await refuseForeignWrites(tx, versions);
    await next(tx, versions);
  };
}

function afterExitOf({ catchments }: NodeConfig): AfterExit {
  if (catchments.afterExit === "read-only") return { keep: "read-only" };
  return { keep: { forMs: catchments.keepHours * millisecondsPerHour } };
}

function feedIdentity({ feed }: NodeConfig): FeedIdentity {
  const { title, author, idPrefix } = feed;
  return {
    title,
    author,
    idPrefix,
    generatorTitle: "Tributary",
    generatorUri: "urn:tributary",
  };
}
