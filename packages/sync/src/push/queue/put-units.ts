import { bulkInsert, type Transaction } from "@tributary/database";
import type { GatheredUnit } from "./gather-units.ts";
import { type PushMarker, putPushMarker } from "./push-marker.ts";
import type { RefusalHistory } from "./refusal-history.ts";

const putUnits = bulkInsert("push_units", {
  parent: "text",
  counter: "bigint",
  operation_id: "text",
  changes: "text",
  is_sent: "integer",
  attempts: "integer",
  first_refused_at: "bigint",
  last_refused_at: "bigint",
  first_counter: "bigint",
});

/** A unit that is to be queued, with what is known of earlier refusals. */
interface NewUnit {
  readonly changes: GatheredUnit;
  readonly history: RefusalHistory | undefined;
}

/** Puts units at the end of the queue, under names of their own, and moves the marker past them. */
export async function putQueuedUnits(
  tx: Transaction,
  parent: string,
  node: string,
  marker: PushMarker,
  units: readonly NewUnit[],
): Promise<void> {
  const { next_counter: first, incarnation } = marker;
  await putUnits(
    tx,
    units.map(({ changes, history }, at) => [
      parent,
      first + at,
      `${node}.${incarnation}:${first + at}`,
      JSON.stringify(changes),
      0,
      history?.attempts ?? 0,
      history?.firstRefusedAt ?? null,
      history?.lastRefusedAt ?? null,
      history?.firstCounter ?? null,
    ]),
  );
  await putPushMarker(tx, parent, { ...marker, next_counter: first + units.length });
}
