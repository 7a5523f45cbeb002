import type { PushUnit } from "./push-unit.ts";

/** Units looked at for one group; those behind them wait for the next. */
const lookedAtMax = 64;

// Only a hint of what a unit is about, and cheaper than to parse it: what it overlooks is parked, and released at once.
const references = /"reference"\s*:\s*"([A-Za-z]{1,64}\/[A-Za-z0-9.-]{1,64})/g;

/**
 * Divides units into some that have nothing to do with each other, so that they may be taken at the same time, and the
 * rest in their order. Units have to do with each other when one has a record that the other has or refers to, and when
 * both refer to one patient. A unit never comes before an earlier one with which it has to do.
 */
export function independentUnits(
  units: readonly PushUnit[],
  max: number,
): { readonly together: readonly PushUnit[]; readonly rest: readonly PushUnit[] } {
  const together: PushUnit[] = [];
  const rest: PushUnit[] = [];
  const brought = new Set<string>();
  const named = new Set<string>();
  for (const unit of units.slice(0, lookedAtMax)) {
    const own = unit.records.map(({ type, id }) => `${type}/${id}`);
    const targets = targetsOf(unit);
    const isApart =
      !own.some((name) => brought.has(name) || named.has(name)) &&
      !targets.some((name) => brought.has(name) || (name.startsWith("Patient/") && named.has(name)));
    (isApart && together.length < max ? together : rest).push(unit);
    for (const name of own) brought.add(name);
    for (const name of targets) named.add(name);
  }
  return { together, rest: [...rest, ...units.slice(lookedAtMax)] };
}

function targetsOf({ records }: PushUnit): string[] {
  return records.flatMap(({ body }) => [...(body ?? "").matchAll(references)].map(([, target = ""]) => target));
}
