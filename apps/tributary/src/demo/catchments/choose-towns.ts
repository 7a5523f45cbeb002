import type { RecordSource } from "../load-parent.ts";
import { unitsFrom } from "../load-parent.ts";
import { homeTownsOf } from "./home-towns.ts";

/** Towns in one rule: it stays short enough to be read. */
const townsMax = 40;
/** Patients that are looked at before the towns are chosen; more would not choose better. */
const patientsLookedAt = 5_000;

/** How the towns of some records are shared out. */
export interface ChosenTowns {
  /** Towns with about half of the patients; everybody else is the south clinic's. */
  readonly north: readonly string[];
  /** The town with most patients, `undefined` where nobody has an address. */
  readonly largest: string | undefined;
}

/** Looks at where the patients of a source live and shares the towns out, so that there is a half for each clinic. */
export async function chooseTowns(source: RecordSource): Promise<ChosenTowns> {
  const counts = new Map<string, number>();
  let seen = 0;
  for await (const { text } of unitsFrom(source)) {
    for (const patient of patientsIn(text)) {
      seen += 1;
      for (const town of homeTownsOf(patient)) counts.set(town, (counts.get(town) ?? 0) + 1);
    }
    if (seen >= patientsLookedAt) break;
  }
  return shareOut(counts);
}

/** Goes from the largest town to the smallest, and gives each to the half that has fewer patients by then. */
export function shareOut(counts: ReadonlyMap<string, number>): ChosenTowns {
  // A pattern cannot name a town with one of its own signs in the name: such a town is the south's.
  const nameable = [...counts].filter(([town]) => !/[%*]/.test(town));
  const bySize = nameable.sort(([one, many], [other, few]) => few - many || one.localeCompare(other));
  const north: string[] = [];
  let [northern, southern] = [0, 0];
  for (const [town, patients] of bySize) {
    if (northern <= southern && north.length < townsMax) {
      north.push(town);
      northern += patients;
    } else southern += patients;
  }
  return { north, largest: bySize[0]?.[0] };
}

function patientsIn(text: string): unknown[] {
  const { entry } = JSON.parse(text) as { readonly entry?: readonly { readonly resource?: unknown }[] };
  const resources = (entry ?? []).map(({ resource }) => resource);
  return resources.filter((one) => (one as { resourceType?: unknown } | undefined)?.resourceType === "Patient");
}
