import { appendAudit, auditDraft } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import { keysOfCompartments, parseReference } from "@tributary/fhir";
import type { Clock, NodeId } from "@tributary/kernel";
import { forgetFailedPulls } from "../../pull/failed-pulls.ts";
import { reviveForbidden } from "../../push/revive-forbidden.ts";
import type { StreamEntry } from "../../stream/stream-entry.ts";
import { askForCompartments, forgetFetches } from "./compartment-fetches.ts";
import { type Departure, forgetDepartures, putDepartures } from "./departures.ts";
import { doubtGathered } from "./gathered-records.ts";
import { forgetGuests } from "./guest-patients.ts";

/** What a child does with the records of patients who leave its catchment. */
export interface AfterExit {
  /** How long they stay before they are purged, or that they are kept to be looked at. */
  readonly keep: { readonly forMs: number } | "read-only";
}

/** A patient who leaves is gone after the round in which the child learns of it. */
export const purgeAtOnce: AfterExit = { keep: { forMs: 0 } };

export interface MovementOptions {
  readonly nodeId: NodeId;
  readonly parent: string;
  readonly clock: Clock;
  readonly afterExit: AfterExit;
}

/**
 * Takes in, in the transaction that moves the marker, who came into the child's catchment and who left it: the former's
 * compartments are to be fetched, the latter's records to be purged. Neither holds the stream up.
 */
export async function receiveMovements(
  tx: Transaction,
  movements: readonly StreamEntry[],
  options: MovementOptions,
): Promise<void> {
  if (movements.length === 0) return;
  const entered = movements.filter(({ movement }) => movement === "enter").map(({ id }) => id);
  const left = movements.filter(({ movement }) => movement === "exit").map(departedName);
  await enter(tx, entered, options);
  await depart(tx, left, options);
}

/** Has the compartments of some patients fetched; whoever was about to be purged stays, and what was refused of them is sent again. */
export async function enter(tx: Transaction, patients: readonly string[], options: MovementOptions): Promise<void> {
  const { parent, clock, nodeId } = options;
  await stay(tx, patients);
  await askForCompartments(tx, parent, patients, clock.now());
  await reviveForbidden(tx, parent, nodeId, patients);
  await audit(tx, patients, "entered", options);
}

/** Takes back that patients were to be purged, as those who left or as guests: they are in the catchment. */
export async function stay(tx: Transaction, patients: readonly string[]): Promise<void> {
  await forgetDepartures(tx, patients);
  await forgetGuests(tx, patients);
}

/** Has the records of some patients, or single records by `Type/id`, purged or kept as `afterExit` says. */
export async function depart(tx: Transaction, names: readonly string[], options: MovementOptions): Promise<void> {
  const { parent, clock, afterExit } = options;
  if (names.length === 0) return;
  const patients = names.filter((name) => !name.includes("/"));
  await forgetFetches(tx, parent, patients);
  await doubtGathered(
    tx,
    parent,
    names.flatMap((name) => parseReference(name) ?? []),
  );
  await forgetFailedPulls(tx, parent, await keysOfCompartments(tx, patients));
  const now = clock.now();
  const { keep } = afterExit;
  await putDepartures(
    tx,
    names.map(
      (patient): Departure =>
        keep === "read-only"
          ? { patient, departedAt: now, purgeAt: null, state: "read-only" }
          : { patient, departedAt: now, purgeAt: now + keep.forMs, state: "leaving" },
    ),
  );
  await audit(tx, patients, "left", options);
}

function departedName({ type, id }: StreamEntry): string {
  return type === "Patient" ? id : `${type}/${id}`;
}

async function audit(
  tx: Transaction,
  patients: readonly string[],
  outcome: string,
  { nodeId, parent, clock }: MovementOptions,
): Promise<void> {
  await appendAudit(
    tx,
    nodeId,
    patients.map((patient) =>
      auditDraft({
        at: clock.now(),
        actor: parent,
        operation: "pull",
        reference: `Patient/${patient}`,
        link: parent,
        outcome,
      }),
    ),
  );
}
