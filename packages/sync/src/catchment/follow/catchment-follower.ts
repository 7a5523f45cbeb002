import type { Database } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import type { Clock, Logger, NodeId, Random } from "@tributary/kernel";
import { askForSnapshot } from "../../bootstrap/ask-for-snapshot.ts";
import { readSnapshotProgress } from "../../bootstrap/snapshot-progress.ts";
import type { SnapshotShelf } from "../../bootstrap/snapshot-shelf.ts";
import type { SnapshotSource } from "../../bootstrap/snapshot-source.ts";
import type { ParentLink } from "../../enrolment/parent-link.ts";
import { everythingStream, snapshotWorthPatients } from "../../line/protocol.ts";
import { meetingOtherHistory } from "../../other-history.ts";
import type { LocalTarget } from "../../pull/local-target.ts";
import type { ParentConnection } from "../../pull/parent-connection.ts";
import { ParentSource } from "../../pull/parent-source.ts";
import { dropStreamMarker, isBehind, readStreamMarker } from "../../pull/stream-marker.ts";
import { replicate } from "../../replicate.ts";
import { isCatchmentStream } from "../catchment-name.ts";
import { metadataStream } from "../metadata-types.ts";
import { adoptCatchment } from "./adopt-catchment.ts";
import { type FetchOptions, fetchCompartments } from "./fetch-compartments.ts";
import { type LeavesCatchments, purgeDeparted } from "./purge-departed.ts";
import { type AfterExit, purgeAtOnce } from "./receive-movements.ts";

export interface CatchmentFollowerOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly clock: Clock;
  readonly random: Random;
  /** What is done with the records of patients who leave; they are purged at once when left out. */
  readonly afterExit?: AfterExit;
  readonly logger: Logger;
  /** Patients from which on a catchment begins with a snapshot; the protocol's threshold when left out. */
  readonly snapshotAbovePatients?: number;
  /** The memberships of this node's own children, when it has any. */
  readonly memberships?: LeavesCatchments;
  /** The snapshots for them. */
  readonly shelf?: Pick<SnapshotShelf, "forgetPatients">;
}

/** What the parent has told of the stream of what belongs to no patient. */
export interface MetadataLine {
  readonly parent: string;
  readonly connection: ParentConnection;
  /** How long it is; `undefined` when it was not told, since the child reads everything. */
  readonly head: number | undefined;
}

/** What a child does about its catchment around the reading of its stream. */
export class CatchmentFollower {
  readonly #options: CatchmentFollowerOptions;

  constructor(options: CatchmentFollowerOptions) {
    this.#options = options;
  }

  /** Whether the catchment must be asked for before its stream can be read. */
  async mustBegin({ parent, stream }: ParentLink): Promise<boolean> {
    if (stream === everythingStream) return false;
    if (!isCatchmentStream(stream)) return true;
    const { database } = this.#options;
    if ((await readStreamMarker(database, parent, stream)) !== undefined) return false;
    return (await readSnapshotProgress(database, parent))?.stream !== stream;
  }

  /**
   * Takes up the catchment that the parent now tells. Tells whether there is anything else to do than to read the same
   * stream of everything from its beginning.
   */
  async takeUp(
    { parent, stream }: ParentLink,
    connection: ParentConnection,
    snapshots: SnapshotSource,
    signal: AbortSignal,
    beforeOthersLeave: () => Promise<void> = async () => {},
  ): Promise<boolean> {
    const { afterExit = purgeAtOnce, snapshotAbovePatients = snapshotWorthPatients, logger } = this.#options;
    const snapshotFor = async (patients: number, stop: AbortSignal) =>
      patients < snapshotAbovePatients ? undefined : askForSnapshot(snapshots, { parent, logger }, stop);
    const adopted = await adoptCatchment(
      { ...this.#options, afterExit, parent, stream, connection, snapshotFor, beforeOthersLeave },
      signal,
    );
    return adopted !== everythingStream || stream !== everythingStream;
  }

  /** Fetches the compartments of those who came in. */
  async fetch(
    line: Pick<FetchOptions, "parent" | "connection" | "source" | "target">,
    signal: AbortSignal,
  ): Promise<void> {
    await fetchCompartments({ ...this.#options, ...line }, signal);
  }

  /**
   * Reads the stream of what belongs to no patient, when the parent has told that there is more of it; from its beginning
   * when that is another one than was read.
   */
  async followMetadata(line: MetadataLine, target: LocalTarget, signal: AbortSignal): Promise<void> {
    const { parent, connection, head } = line;
    const marker = await target.marker();
    if (head === undefined || !isBehind(marker, head)) return;
    const { clock, database } = this.#options;
    await meetingOtherHistory(
      () => replicate(new ParentSource(connection, metadataStream, clock), target, signal),
      () => database.transaction((tx) => dropStreamMarker(tx, parent, metadataStream)),
    );
  }

  /** Purges those who left and are due; it needs no line. Returns how many were purged. */
  purge(parent: string): Promise<number> {
    return purgeDeparted({ ...this.#options, parent });
  }
}
