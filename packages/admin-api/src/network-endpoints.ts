import * as z from "zod";
import { moment, momentOrNever, nextPage } from "./answers.ts";
import type { EndpointTable } from "./endpoint.ts";
import { listQuery, order, sortedListQuery } from "./list-query.ts";

/**
 * How a child stands; `refused` is one whose access was taken away, or of which two installations are at work, and
 * `verifying` one that compares all its records with its parent's at this moment.
 */
export const childStates = ["in-step", "behind", "verifying", "silent", "refused", "never-seen"] as const;
export const childState = z.enum(childStates);
export const nodeRole = z.enum(["parent", "child", "hub"]);

export const networkChild = z.object({
  node: z.string(),
  state: childState,
  lastSeenAt: momentOrNever,
  /** Entries of its stream that it had not read when it was last seen. */
  behind: z.number().int().nullable(),
  /** Since when the oldest of these entries waits to be read; `null` when there is none, or it is not known. */
  behindSince: momentOrNever,
  catchment: z.string().nullable(),
  /** Bytes of the last 24 hours, both ways together, before compression. */
  bytesToday: z.number().int().optional(),
  /** When the child told what follows of itself; all of it is `null` for a child of an earlier version. */
  toldAt: momentOrNever,
  version: z.string().nullable(),
  /** What is to be added to the child's clock to get this node's. */
  clockOffsetMs: z.number().nullable(),
  /** Units of its own changes that wait to be sent, and since when the oldest does. */
  unsent: z.number().int().nullable(),
  unsentSince: momentOrNever,
  /** Units that wait here for a record to which they refer; units that were refused, and records that it could not take in. */
  parked: z.number().int().nullable(),
  failed: z.number().int().nullable(),
  openConflicts: z.number().int().nullable(),
  /** Children of its own; above none it is a hub. `null` too for a child of a version that does not tell it. */
  children: z.number().int().nullable(),
});

export const pauseAnswer = z.object({
  direction: z.enum(["push", "pull"]),
  pausedAt: moment,
  pausedBy: z.string(),
  reason: z.string(),
});

/** How a node and its parent stand, wherever that is told. */
const linkFigures = {
  url: z.string(),
  lastPullAt: momentOrNever,
  lastOutcome: z.string().nullable(),
  lastError: z.string().nullable(),
  position: z.number().int(),
  head: z.number().int(),
  /** Records of the parent that could not be taken in yet; own units without a verdict, refused, parked, stepped over. */
  waiting: z.number().int(),
  unsent: z.number().int(),
  refused: z.number().int(),
  parked: z.number().int(),
  delayed: z.number().int(),
  clockOffsetMs: z.number(),
  pauses: z.array(pauseAnswer),
  /** How much of a snapshot has been taken in, while the node begins. */
  beginning: z
    .object({
      records: z.number(),
      recordsTotal: z.number(),
      startedAt: moment,
      /** What the rest may take, at the pace since it began; `null` before anything has been taken in. */
      estimateMs: z.number().nullable(),
    })
    .nullable(),
};

/** The link to the parent, as this node sees it. */
export const networkParent = z.object({
  node: z.string(),
  state: z.enum([...childStates, "paused"]),
  ...linkFigures,
});

export const networkAnswer = z.object({
  node: z.string(),
  role: nodeRole,
  version: z.string(),
  at: moment,
  parent: networkParent.nullable(),
  /** How many children stand so, whatever was filtered. */
  counts: z.record(childState, z.number().int()),
  children: z.array(networkChild),
  /** Children that the filter finds, on all pages. */
  total: z.number().int(),
  next: nextPage,
});

/** By what the children can be sorted; those of which it is not known come last, whichever way. */
const networkSorts = [
  "node",
  "state",
  "lastSeenAt",
  "behind",
  "unsent",
  "parked",
  "failed",
  "openConflicts",
  "clockOffsetMs",
  "version",
  "catchment",
] as const;

/** `q` is a part of the name of the node or of its catchment. */
export const networkQuery = sortedListQuery(networkSorts).extend({ state: childState.optional() });

/** What `GET /status` tells: the node itself and both directions of its links; see the guide to watching the network. */
export const statusAnswer = z.looseObject({
  node: z.string(),
  installation: z.string(),
  role: nodeRole,
  database: z.enum(["sqlite", "postgres"]),
  records: z.number().int(),
  announced: z.number().int(),
  queued: z.number().int(),
  heldPushes: z.number().int(),
  openConflicts: z.number().int(),
  parent: z
    .looseObject({
      parent: z.string(),
      ...linkFigures,
      /** Decisions about conflicts that the parent has not answered, and those that it refused. */
      decisions: z.object({ waiting: z.number().int(), refused: z.number().int() }),
      /** The streams beside that of the records: how far each is read, and how long it was then. */
      sides: z.array(
        z.object({ stream: z.string(), position: z.number().int(), head: z.number().int(), movedAt: moment }),
      ),
      reach: z.object({ made: z.number(), tiers: z.array(z.object({ node: z.string(), through: z.number() })) }),
      heldPulls: z.record(z.string(), z.number()),
      verified: z
        .looseObject({
          verifiedAt: moment,
          outcome: z.enum(["identical", "different", "out-of-step"]),
          records: z.number(),
          differences: z.number(),
          waiting: z.number(),
          repaired: z.number(),
          identicalAt: momentOrNever,
        })
        .nullable(),
    })
    .optional(),
  children: z.array(
    z.looseObject({
      node: z.string(),
      isRevoked: z.boolean(),
      lastSeenAt: momentOrNever,
      behind: z.number().int().nullable(),
    }),
  ),
});

/** A quarter of an hour of work: what went over the lines of this node in that time. */
export const trafficPoint = z.object({
  /** When the quarter began. */
  at: moment,
  requests: z.number().int(),
  bytesSent: z.number().int(),
  bytesReceived: z.number().int(),
  /** Records taken in, and records sent or told. */
  recordsIn: z.number().int(),
  recordsOut: z.number().int(),
  failures: z.number().int(),
});

export const trafficAnswer = z.object({ points: z.array(trafficPoint) });

export const alertAnswer = z.object({
  alertId: z.string(),
  rule: z.string(),
  /** The node, the table or the disk that it is about. */
  subject: z.string(),
  state: z.enum(["open", "closed"]),
  severity: z.enum(["warning", "critical"]),
  openedAt: moment,
  closedAt: momentOrNever,
  /** What was measured, and what the rule allows. */
  value: z.number(),
  limit: z.number(),
  sentence: z.string(),
});

/** How the network does. */
export const networkEndpoints = {
  "GET /status": { right: "watch", summary: "What the node holds and how far it is in step.", answer: statusAnswer },
  "GET /openapi.json": { right: "watch", summary: "This API as an OpenAPI document.", answer: null },
  "GET /network": {
    right: "watch",
    summary: "The parent, and a page of the children with their state.",
    query: networkQuery,
    answer: networkAnswer,
  },
  "GET /events": {
    right: "watch",
    summary: "Server-sent events `network`, `status` and `alerts`: each names what is worth asking for anew.",
    answer: null,
  },
  "GET /traffic": {
    right: "watch",
    summary: "What went over the lines, by the quarter of an hour, the earliest first.",
    query: z.strictObject({
      hours: z.coerce.number().int().min(1).max(744).default(24),
      node: z.string().max(63).optional(),
    }),
    answer: trafficAnswer,
  },
  "GET /alerts": {
    right: "watch",
    summary: "The alerts that are open, or all that are kept, the latest first.",
    query: listQuery.extend({
      state: z.enum(["open", "closed"]).optional(),
      rule: z.string().max(64).optional(),
      severity: z.enum(["warning", "critical"]).optional(),
      /** A part of what it is about. */
      q: z.string().max(200).optional(),
      sort: z.enum(["openedAt", "rule", "subject", "severity"]).default("openedAt"),
      order: order.default("desc"),
    }),
    answer: z.object({ items: z.array(alertAnswer), next: nextPage }),
  },
} as const satisfies EndpointTable;

/** The parent of a node, and a page of its children with their states. */
export type NetworkAnswer = z.output<typeof networkAnswer>;
/** A child as its parent sees it, with what the child tells of itself. */
export type NetworkChild = z.output<typeof networkChild>;
/** The link to the parent, as a node itself sees it. */
export type NetworkParent = z.output<typeof networkParent>;
/** A direction that somebody has paused, with who, when and why. */
export type PauseAnswer = z.output<typeof pauseAnswer>;
/** What a node holds, and how far it is in step. */
export type StatusAnswer = z.output<typeof statusAnswer>;
/** A quarter of an hour of what went over the lines of a node. */
export type TrafficPoint = z.output<typeof trafficPoint>;
/** Something that is wrong by a rule, or was. */
export type AlertAnswer = z.output<typeof alertAnswer>;
