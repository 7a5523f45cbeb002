import type { Reader } from "@tributary/database";
import { parseReference, whichExist } from "@tributary/fhir";
import { allowsType, type TypeFilter } from "../control/type-filter.ts";
import { literalReferencesIn } from "../push/literal-references.ts";
import type { TravellingRecord } from "../stream/record-batch.ts";
import { entryAbout, type StreamEntry } from "../stream/stream-entry.ts";

/** Names that are kept in mind at most; when there are more, some are asked for a second time. */
const namesMax = 20_000;

/**
 * What records on their way refer to and this node has never had. Each is sought once, since the parent may not have it
 * either, or not show it; what is on its way already is not sought.
 */
export class SoughtRecords {
  readonly #onTheirWay = new Set<string>();
  readonly #sought = new Set<string>();
  /** What is known to be here: most records refer to what has just come, and the database need not be asked. */
  readonly #there = new Set<string>();

  /** What these records lack. They count as being on their way from now on. */
  async lackedBy(
    records: readonly TravellingRecord[],
    { reader, types }: { readonly reader: Reader; readonly types: TypeFilter },
  ): Promise<StreamEntry[]> {
    for (const { type, id } of records) this.#onTheirWay.add(`${type}/${id}`);
    const targets = new Map<string, StreamEntry>();
    for (const { body } of records) {
      for (const name of literalReferencesIn(body ?? "")) {
        if (targets.has(name) || this.#there.has(name) || this.#onTheirWay.has(name) || this.#sought.has(name))
          continue;
        const target = parseReference(name);
        if (target && allowsType(types, target.type)) targets.set(name, entryAbout(target));
      }
    }
    if (targets.size === 0) return [];
    const there = await whichExist(reader, [...targets.values()]);
    const lacking = [...targets].filter(([name]) => !there.has(name));
    keepInMind(this.#there, there);
    keepInMind(
      this.#sought,
      lacking.map(([name]) => name),
    );
    return lacking.map(([, entry]) => entry);
  }

  /** Notes that these have arrived. */
  arrived(records: readonly { readonly type: string; readonly id: string }[]): void {
    const names = records.map(({ type, id }) => `${type}/${id}`);
    for (const name of names) this.#onTheirWay.delete(name);
    keepInMind(this.#there, names);
  }
}

function keepInMind(kept: Set<string>, names: Iterable<string>): void {
  if (kept.size > namesMax) kept.clear();
  for (const name of names) kept.add(name);
}
