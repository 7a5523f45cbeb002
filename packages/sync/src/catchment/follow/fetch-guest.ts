import { appendAudit, auditDraft } from "@tributary/audit";
import { TributaryError } from "@tributary/kernel";
import type { GuestRequest } from "../guest-request.ts";
import { askForCompartments } from "./compartment-fetches.ts";
import { forgetDepartures } from "./departures.ts";
import { type FetchOptions, fetchCompartments } from "./fetch-compartments.ts";
import { type GuestPatient, putGuest } from "./guest-patients.ts";
import type { MovementOptions } from "./receive-movements.ts";

/** Who asks, at the child. */
export interface GuestOptions extends FetchOptions, Pick<MovementOptions, "nodeId"> {
  readonly author: string;
}

/**
 * Asks the parent for a patient of elsewhere and takes the records in, for as long as was granted. It needs the line;
 * when it breaks off, the rest comes with the next pull. Throws `REMOTE_REFUSED` with the parent's reason.
 */
export async function fetchGuest(
  request: GuestRequest,
  options: GuestOptions,
  signal: AbortSignal,
): Promise<GuestPatient> {
  const { database, parent, connection, clock, nodeId, author } = options;
  const answer = await connection.ask("guest", { body: JSON.stringify(request) }, "application/json", signal);
  const { until } = JSON.parse(new TextDecoder().decode(answer.body)) as { until?: unknown };
  if (typeof until !== "number") throw new TributaryError("REMOTE_NONSENSE", "The parent granted no time.");
  const { patient, purpose } = request;
  const now = clock.now();
  // The parent's clock says until when it shows the records; how long they are kept is reckoned by the clock here.
  const guest = { patient, purpose, fetchedAt: now, keptUntil: now + request.days * 24 * 3_600_000 };
  await database.transaction(async (tx) => {
    await putGuest(tx, guest);
    await forgetDepartures(tx, [patient]);
    await askForCompartments(tx, parent, [patient], now);
    await appendAudit(tx, nodeId, [
      auditDraft({
        at: now,
        actor: author,
        operation: "manual",
        reference: `Patient/${patient}`,
        link: parent,
        operationId: `purpose:${purpose}`,
        outcome: "guest",
      }),
    ]);
  });
  await fetchCompartments(options, signal);
  return guest;
}
