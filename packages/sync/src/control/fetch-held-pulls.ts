import type { Database } from "@tributary/database";
import type { LocalTarget } from "../pull/local-target.ts";
import type { ParentSource } from "../pull/parent-source.ts";
import { fetchWithNeeds } from "../replicate.ts";
import { entryAbout } from "../stream/stream-entry.ts";
import { countHeldPulls, forgetHeldPulls, readHeldPulls } from "./held-pulls.ts";
import { allowsType, everyType, type TypeFilter } from "./type-filter.ts";

/** Records fetched in one step; a step that is broken off is begun again. */
const recordsPerStep = 500;

export interface HeldPullOptions {
  readonly database: Database;
  readonly parent: string;
  readonly types?: TypeFilter;
}

/**
 * Fetches what was held back and is so no more, since its type is pulled again. A record leaves the list once it has been
 * taken in or noted as failed; when that is broken off in between, it is asked for once more and found to be known.
 */
export async function fetchHeldPulls(
  source: ParentSource,
  target: LocalTarget,
  { database, parent, types = everyType }: HeldPullOptions,
  signal: AbortSignal,
): Promise<void> {
  for (const type of Object.keys(await countHeldPulls(database, parent))) {
    if (!allowsType(types, type)) continue;
    for (;;) {
      const held = await readHeldPulls(database, parent, type, recordsPerStep);
      if (held.length === 0) break;
      const entries = held.map((key) => entryAbout(key));
      for await (const fetched of fetchWithNeeds(source, target, entries, signal)) {
        await target.apply({ ...fetched, settled: [], through: undefined });
      }
      await database.transaction((tx) => forgetHeldPulls(tx, parent, held));
    }
  }
}
