import { appendAudit } from "@tributary/audit";
import { sql } from "@tributary/database";
import { NotCarried } from "../carry/not-carried.ts";
import { everyPage } from "../every-page.ts";
import { readStreamMarker } from "../pull/stream-marker.ts";
import { askKept, keptRecordsMax } from "./kept-records.ts";
import { forgetSettled } from "./last-settled.ts";
import { type KeptBase, offerUnkept } from "./offer-unkept.ts";
import { auditOf, type OfferOptions } from "./offering.ts";
import { readSidesAnew } from "./read-sides-anew.ts";

const readBases = sql(`
  select type, id, local_version as "localVersion", remote_version as "remoteVersion", differs,
    is_outside as "isOutside"
  from link_bases where link = $1 and (type, id) > ($2, $3) order by type, id limit $4`);

/**
 * Meets a parent whose stream this child cannot ask about, since it was given another catchment: when the parent does not
 * know the place that was read of it, or the operation that it took last, it is asked of every record whether it still has
 * what both had in common. What it has lost is queued, as an edit of the last that it still has.
 *
 * Broken off, it is begun again; what is queued already is not queued twice. Returns how many records were queued;
 * `undefined` when the parent has all, or when nobody can be asked: the answers come by stick.
 */
export async function offerWhatIsNotKept(options: OfferOptions, signal: AbortSignal): Promise<number | undefined> {
  const { database, nodeId, parent, stream, connection } = options;
  const marker = await readStreamMarker(database, parent, stream);
  if (!marker) return undefined;
  const place = { stream, ...marker };
  try {
    if ((await askKept(connection, place, [], signal)).isWhole) return undefined;
  } catch (error) {
    if (error instanceof NotCarried) return undefined;
    throw error;
  }
  let queued = 0;
  const pages = everyPage<KeptBase>(keptRecordsMax, (last) =>
    database.all<KeptBase>(readBases, [parent, last?.type ?? "", last?.id ?? "", keptRecordsMax]),
  );
  for await (const bases of pages) {
    queued += await offerUnkept(bases, place, options, signal);
  }
  await database.transaction(async (tx) => {
    await forgetSettled(tx, parent);
    await readSidesAnew(tx, parent);
    await appendAudit(tx, nodeId, [auditOf(null, "history-changed", options)]);
  });
  return queued;
}
