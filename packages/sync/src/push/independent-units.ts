import type { PushUnit } from "./push-unit.ts";

/** Units looked at for one group; those behind them wait for the next. */
const lookedAtMax = 64;

// Only a hint of what a unit is about, and cheaper than to parse it: what it overlooks is parked, and released at once.
const references = /"reference"\s*:\s*"([A-Za-z]{1,64}\/[A-Za-z0-9.-]{1,64})/g;

/** What a unit brings and what it refers to, so that no unit is read twice. */
const namesOfUnits = new WeakMap<PushUnit, { readonly own: readonly string[]; readonly targets: readonly string[] }>();

/**
 * Divides units into some that have nothing to do with each other, so that they may be taken at the same time, and the
 * rest in their order. Units have to do with each other when one has a record that the other has or refers to, when both
 * refer to one patient, and when both have one name. A unit never comes before an earlier one with which it has to do.
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
    const { own, targets } = namesOf(unit);
    const isApart =
      !own.some((name) => brought.has(name) || named.has(name)) &&
      !targets.some((name) => brought.has(name) || (name.startsWith("Patient/") && named.has(name)));
    (isApart && together.length < max ? together : rest).push(unit);
    for (const name of own) brought.add(name);
    for (const name of targets) named.add(name);
  }
  return { together, rest: [...rest, ...units.slice(lookedAtMax)] };
}

function namesOf(unit: PushUnit) {
  let names = namesOfUnits.get(unit);
  if (!names) {
    const { operationId, records } = unit;
    const targets = records.flatMap(({ body }) =>
      [...(body ?? "").matchAll(references)].map(([, target = ""]) => target),
    );
    names = { own: [operationId, ...records.map(({ type, id }) => `${type}/${id}`)], targets: [...new Set(targets)] };
    namesOfUnits.set(unit, names);
  }
  return names;
}
