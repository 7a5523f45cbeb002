import type { Database } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import type { Clock, Logger, NodeId, Random } from "@tributary/kernel";
import type { SnapshotProgress } from "./bootstrap/begin-from-snapshot.ts";
import type { SnapshotShelf } from "./bootstrap/snapshot-shelf.ts";
import type { LeavesCatchments } from "./catchment/follow/purge-departed.ts";
import type { AfterExit } from "./catchment/follow/receive-movements.ts";
import type { PolicySource } from "./conflict/merge/policy/policy-source.ts";
import type { Direction } from "./control/direction.ts";
import type { Schedule } from "./control/schedule.ts";
import type { LinkSchedules } from "./control/timetable.ts";
import type { TypeFilter } from "./control/type-filter.ts";
import type { Exchange } from "./line/exchange.ts";
import type { PullTally } from "./pull/pull-tally.ts";
import type { StreamMarker } from "./pull/stream-marker.ts";
import type { PullReport } from "./sync-report.ts";

/** What a child's synchronization works with and goes by. */
export interface SynchronizerOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Names this installation: the machine and the very file of the database, so that a copy has another name. */
  readonly instance?: string;
  readonly random: Random;
  readonly logger: Logger;
  /** What is done with the records of patients who leave the catchment; they are purged at once when left out. */
  readonly afterExit?: AfterExit;
  /** The memberships of this node's own children, when it is a hub. */
  readonly memberships?: LeavesCatchments;
  /** The snapshots for them, out of which is taken who is purged here. */
  readonly shelf?: Pick<SnapshotShelf, "forgetPatients">;
  /** This program's version: what one version was refused another may be allowed. */
  readonly programVersion?: string;
  /** Milliseconds between two rounds of an idle child. */
  readonly everyMs: number;
  /** When each direction is due, where that is not after every `everyMs`. */
  readonly schedules?: LinkSchedules;
  /** Which resource types go each way by themselves; all of them when left out. */
  readonly types?: Partial<Record<Direction, TypeFilter>>;
  /** The resource types that are sent first, instead of the default ones. */
  readonly first?: readonly string[];
  /** The site's merge rules, by which a preview tells what would be contested. */
  readonly policies?: PolicySource;
  /** Told after each durable portion of a pull. */
  readonly onProgress?: (progress: {
    readonly tally: Readonly<PullTally>;
    readonly marker: StreamMarker | undefined;
  }) => void;
  /** Entries to be read from which on a child begins from a snapshot; the protocol's threshold when left out. */
  readonly snapshotAbove?: number;
  /** Patients of a catchment from which on it begins with a snapshot; the protocol's threshold when left out. */
  readonly snapshotAbovePatients?: number;
  /** Told after each chunk of a snapshot. */
  readonly onSnapshotProgress?: (progress: SnapshotProgress) => void;
  /** When a running node compares its records with its parent's, and whether it mends what differs. */
  readonly verify?: { readonly schedule: Schedule; readonly isRepairing: boolean };
  /** Told at the end of each pull. */
  readonly onReport?: (report: PullReport) => void;
}
