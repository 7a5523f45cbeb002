import type { Database } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import type { Clock, HttpHandler, NodeId, Random } from "@tributary/kernel";
import { createAuditHandler } from "./audit-trail/audit-handler.ts";
import { createSnapshotChunkHandler, createSnapshotHandler } from "./bootstrap/snapshot-handlers.ts";
import type { SnapshotLibrary } from "./bootstrap/snapshot-library.ts";
import { createKeysHandler } from "./carry/keys-handler.ts";
import { RefusalTrail } from "./catchment/refusal-trail.ts";
import { createCatchmentHandler } from "./catchment/serve/catchment-handler.ts";
import { createCompartmentsHandler } from "./catchment/serve/compartments-handler.ts";
import { createGuestHandler } from "./catchment/serve/guest-handler.ts";
import { lateAmong } from "./catchment/serve/limit-push.ts";
import { createPatientHistoryHandler } from "./catchment/serve/patient-history-handler.ts";
import { createDecideHandler } from "./conflict/decide/decide-handler.ts";
import type { PolicySource } from "./conflict/merge/policy/policy-source.ts";
import { createConflictsReadHandler } from "./conflict/travel/conflicts-read-handler.ts";
import { tellConflictsEnd } from "./conflict/travel/tell-conflicts-end.ts";
import { createEnrolmentHandler } from "./enrolment/accept-enrolment.ts";
import { ChildAuthentication, type ChildHandler, withDigest } from "./enrolment/child-authentication.ts";
import type { ChildNode } from "./enrolment/child-nodes.ts";
import { type ChildGuard, createInstanceGuard } from "./enrolment/instance-guard.ts";
import { timeHeader, versionHeader } from "./line/protocol.ts";
import { createSelectHandler } from "./manual/select-handler.ts";
import type { JudgeOptions } from "./push/judge-options.ts";
import { createPushHandler } from "./push/push-handler.ts";
import { createCommonPointHandler } from "./restore/common-point.ts";
import { createKeptHandler } from "./restore/kept-handler.ts";
import { knowingSettled } from "./restore/last-settled.ts";
import { tellHeads } from "./side-streams/tell-heads.ts";
import { createReadHandler } from "./stream/read-handler.ts";
import { createStreamHandler } from "./stream/stream-handler.ts";
import { tellingReach } from "./tiers/tell-reach.ts";
import { createVerifyBucketsHandler, createVerifyRootHandler } from "./verify/verify-handlers.ts";
import { createVersionGuard } from "./versions/version-guard.ts";
import type { VersionRanges } from "./versions/version-ranges.ts";

/** One way to ask a parent; `:name` in the path is a parameter. */
export interface SyncRoute {
  readonly method: "GET" | "POST";
  /** Relative to where the sync interface begins. */
  readonly path: string;
  readonly handler: HttpHandler;
}

/** What a parent answers its children from. */
export interface SyncServerOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly clock: Clock;
  readonly random: Random;
  /** The site's merge rules, asked before the default ones. */
  readonly policies?: PolicySource;
  /** The version of this program, which is told with every answer. */
  readonly programVersion?: string;
  /** Units of which a patient is not a child's any more; those that its catchment says when absent. */
  readonly lateAmong?: JudgeOptions["lateAmong"];
  /** What this program understands; its own versions when left out. */
  readonly versions?: VersionRanges;
  /** The snapshots from which children begin; without them they read the stream. */
  readonly snapshots?: SnapshotLibrary;
}

/** What a parent offers to its children. Every route but `enrol` asks for a token signed with the child's own key. */
export function createSyncServer(options: SyncServerOptions): { readonly routes: readonly SyncRoute[] } {
  return syncRoutes(options, new ChildAuthentication({ ...options, guard: guardOf(options) }));
}

/** The same, asked by one child that has proven who it is in another way than by its token. */
export function createServerFor(
  child: ChildNode,
  options: SyncServerOptions,
): { readonly routes: readonly SyncRoute[] } {
  const guard = guardOf(options);
  const proven = (handler: ChildHandler): HttpHandler =>
    withDigest(async (request) => (await guard(request, child)) ?? handler(request, child));
  return syncRoutes(options, { require: proven });
}

function syncRoutes(
  options: SyncServerOptions,
  children: Pick<ChildAuthentication, "require">,
): { readonly routes: readonly SyncRoute[] } {
  const refusals = new RefusalTrail(options);
  const limited = { ...options, refusals };
  const stream = children.require(
    knowingSettled(
      options.database,
      tellingReach(options.database, tellHeads(options.database, createStreamHandler(options.database, refusals))),
    ),
  );
  const routes: readonly SyncRoute[] = [
    { method: "POST", path: "/enrol", handler: withTime(options.clock, createEnrolmentHandler(options)) },
    { method: "GET", path: "/streams/:stream/recent", handler: stream },
    { method: "GET", path: "/streams/:stream/:epoch/:page", handler: stream },
    {
      method: "GET",
      path: "/snapshots/latest",
      handler: children.require(createSnapshotHandler(options.database, options.snapshots)),
    },
    {
      method: "GET",
      path: "/snapshots/chunks/:sha256",
      handler: children.require(createSnapshotChunkHandler(options.database, options.snapshots)),
    },
    { method: "POST", path: "/keys", handler: children.require(createKeysHandler(options)) },
    { method: "POST", path: "/common-point", handler: children.require(createCommonPointHandler(options.database)) },
    { method: "POST", path: "/kept", handler: children.require(createKeptHandler(options.database, limited)) },
    { method: "GET", path: "/verify/root", handler: children.require(createVerifyRootHandler(options.database)) },
    { method: "GET", path: "/verify/records", handler: children.require(createVerifyBucketsHandler(options.database)) },
    { method: "POST", path: "/guest", handler: children.require(createGuestHandler(options.database, options)) },
    { method: "POST", path: "/catchment", handler: children.require(createCatchmentHandler(options.database)) },
    {
      method: "POST",
      path: "/compartments/read",
      handler: children.require(createCompartmentsHandler(options.database, limited)),
    },
    {
      method: "POST",
      path: "/patients/history",
      handler: children.require(createPatientHistoryHandler(options.database, limited)),
    },
    { method: "POST", path: "/read", handler: children.require(createReadHandler(options.database, limited)) },
    { method: "POST", path: "/select", handler: children.require(createSelectHandler(options.database, options)) },
    {
      method: "POST",
      path: "/push",
      handler: children.require(
        knowingSettled(
          options.database,
          tellingReach(
            options.database,
            createPushHandler(options.database, {
              lateAmong: (tx, child, units) => lateAmong(tx, child, units, options.clock.now()),
              ...options,
            }),
          ),
        ),
      ),
    },
    {
      method: "POST",
      path: "/conflicts/read",
      handler: children.require(
        tellConflictsEnd(options.database, createConflictsReadHandler(options.database, options)),
      ),
    },
    {
      method: "POST",
      path: "/conflicts/decide",
      handler: children.require(tellConflictsEnd(options.database, createDecideHandler(options.database, options))),
    },
    { method: "POST", path: "/audit", handler: children.require(createAuditHandler(options)) },
  ];
  return { routes: routes.map((route) => ({ ...route, handler: withVersion(options.programVersion, route.handler) })) };
}

/** Programs that do not understand each other have nothing else to say. */
function guardOf(options: SyncServerOptions): ChildGuard {
  const [versions, instances] = [createVersionGuard(options.versions), createInstanceGuard(options)];
  return async (request, child) => (await versions(request, child)) ?? instances(request, child);
}

function withVersion(version: string | undefined, handler: HttpHandler): HttpHandler {
  if (version === undefined) return handler;
  return async (request) => {
    const response = await handler(request);
    return { ...response, headers: { ...response.headers, [versionHeader]: version } };
  };
}

function withTime(clock: Clock, handler: HttpHandler): HttpHandler {
  return async (request) => {
    const response = await handler(request);
    return { ...response, headers: { ...response.headers, [timeHeader]: String(clock.now()) } };
  };
}
